package dev.groundplane.platform.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.event.ResourceChange;
import dev.groundplane.platform.identity.Scope;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChangeNoticeTest {
    private static final Scope HERE = new Scope("123456789012", "us-east-1");

    @Test
    void manyChangesGoInSeveralNoticesThatPostgresTakes() {
        List<ResourceChange> changes = IntStream.range(0, 500)
                .mapToObj(i -> new ResourceChange("test:thing", HERE, "é\"" + i))
                .toList();

        List<String> texts = ChangeNotice.texts("7", changes);

        assertThat(texts)
                .hasSizeGreaterThan(2)
                .allSatisfy(text ->
                        assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(8_000));
        assertThat(texts.stream().map(ChangeNotice::of).flatMap(notice -> notice.resources().stream()))
                .isEqualTo(changes);
        assertThat(ChangeNotice.of(texts.getFirst()).from()).isEqualTo("7");
    }

    @Test
    void aChangeThatIsTooLongIsAGap() {
        ResourceChange tooLong = new ResourceChange("test:thing", HERE, "x".repeat(9_000));
        ResourceChange other = new ResourceChange("test:thing", HERE, "y");

        List<ChangeNotice> notices = ChangeNotice.texts("7", List.of(tooLong, other)).stream()
                .map(ChangeNotice::of)
                .toList();

        assertThat(notices).extracting(ChangeNotice::gap).containsExactly(true, false);
        assertThat(notices.getLast().resources()).containsExactly(other);
    }

    @Test
    void nothingIsToldOfNothing() {
        assertThat(ChangeNotice.texts("7", List.of())).isEmpty();
    }
}
