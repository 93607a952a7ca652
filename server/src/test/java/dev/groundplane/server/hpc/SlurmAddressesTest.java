package dev.groundplane.server.hpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlurmAddressesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 10.77.0.2",
        "1, 10.77.0.3",
        "252, 10.77.0.254",
        "253, 10.77.0.255",
        "254, 10.77.1.0",
        "255, 10.77.1.1",
        "256, 10.77.1.2",
        "1000, 10.77.3.234"
    })
    void anAddressFollowsFromTheNodesNumber(int number, String address) {
        assertThat(SlurmAddresses.of(number)).isEqualTo(address);
    }

    @Test
    void noTwoNodesHaveOneAddress() {
        assertThat(IntStream.rangeClosed(0, 1000).mapToObj(SlurmAddresses::of)).doesNotHaveDuplicates();
    }

    @Test
    void nodesAreListedWithTheirNumbers() {
        var lines = SlurmAddresses.nodes(Clusters.of(Clusters.FILE));
        assertThat(lines).endsWith("\n");
        assertThat(lines.lines())
                .hasSize(11)
                .startsWith("head 10.77.0.2 0", "main-st-small-1 10.77.0.3 1", "main-st-small-2 10.77.0.4 2")
                .endsWith("second-dy-big-3 10.77.0.12 10");
    }

    @Test
    void hostsHaveTheSameAddresses() {
        var lines = SlurmAddresses.hosts(Clusters.of(Clusters.FILE));
        assertThat(lines).endsWith("\n");
        assertThat(lines.lines())
                .hasSize(12)
                .startsWith("127.0.0.1 localhost", "10.77.0.2 head", "10.77.0.3 main-st-small-1")
                .endsWith("10.77.0.12 second-dy-big-3");
    }
}
