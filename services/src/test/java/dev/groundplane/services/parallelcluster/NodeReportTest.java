package dev.groundplane.services.parallelcluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeReportTest {
    @Test
    void aNodeOfSeveralPartitionsIsOne() {
        assertThat(NodeReport.parse("a idle\nb down~\na mix\n").states()).isEqualTo(Map.of("a", "mix", "b", "down~"));
        assertThat(NodeReport.parse("")).isEqualTo(NodeReport.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "a ", " idle", "a idle b", "a  idle", "a idle\n\nb idle", "sinfo: error: cannot connect"})
    void whatIsNoNodeAndItsStateIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeReport.parse(text))
                .withMessageContaining("is not a node and its state");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "idle", "mix", "alloc", "comp", "idle#", "alloc#", "idle*", "down*", "down", "idle!", "unk", "drain"
            })
    void slurmWantsWhatIsOnOrComes(String state) {
        assertThat(NodeReport.parse("a %s\nb idle~".formatted(state)).wanted()).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"idle~", "down~", "drain~", "idle%", "down%"})
    void slurmDoesNotWantWhatIsOffOrGoesOff(String state) {
        assertThat(NodeReport.parse("a " + state).wanted()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"idle", "mix", "alloc", "comp", "mix-", "plnd", "resv"})
    void jobsRunOnNodesThatAreUp(String state) {
        assertThat(NodeReport.parse("a " + state).isReady("a")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "idle~", "idle#", "idle%", "idle*", "idle!", "alloc#", "mix#", "down", "down~", "down*", "down$", "unk",
                "unk*", "drain", "drng", "drain*", "fail", "inval"
            })
    void jobsDoNotRunOnOthers(String state) {
        assertThat(NodeReport.parse("a " + state).isReady("a")).isFalse();
    }

    @Test
    void aNodeOfWhichNothingIsToldIsNotReady() {
        assertThat(NodeReport.NONE.isReady("a")).isFalse();
        assertThat(NodeReport.parse("ab idle").isReady("a")).isFalse();
    }
}
