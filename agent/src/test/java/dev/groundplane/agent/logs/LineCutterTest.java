package dev.groundplane.agent.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LineCutterTest {
    private static LineCutter.Cut cut(String text, boolean last) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return LineCutter.cut(bytes, bytes.length, last, 1);
    }

    private static List<String> messages(LineCutter.Cut cut) {
        return cut.events().stream().map(LogEvent::message).toList();
    }

    @Test
    void lineEndsAreNotPartOfTheEvent() {
        var cut = cut("one\ntwo\r\nthree\n", false);
        assertThat(messages(cut)).containsExactly("one", "two", "three");
        assertThat(cut.consumed()).isEqualTo(15);
    }

    @Test
    void emptyLinesMakeNoEventButAreConsumed() {
        var cut = cut("\n\r\none\n\n", false);
        assertThat(messages(cut)).containsExactly("one");
        assertThat(cut.consumed()).isEqualTo(8);
    }

    @Test
    void anUnfinishedLineWaitsForItsEnd() {
        var cut = cut("one\ntw", false);
        assertThat(messages(cut)).containsExactly("one");
        assertThat(cut.consumed()).isEqualTo(4);
        assertThat(messages(cut("one\ntw", true))).containsExactly("one", "tw");
    }

    @Test
    void aLongLineIsCutBetweenCharacters() {
        var line = "x" + "é".repeat(LogBatch.LARGEST_MESSAGE_BYTES / 2 + 10);
        var cut = cut(line + "\n", false);
        assertThat(messages(cut)).hasSize(2);
        assertThat(String.join("", messages(cut))).isEqualTo(line);
        assertThat(messages(cut)).allSatisfy(LineCutterTest::assertFitsOneEvent);
    }

    @Test
    void aLongLineWithoutAnEndDoesNotWaitForOne() {
        var line = "x".repeat(LogBatch.LARGEST_MESSAGE_BYTES + 1);
        assertThat(messages(cut(line, false))).hasSize(1);
        assertThat(messages(cut(line, true))).hasSize(2);
    }

    @Test
    void bytesThatAreNoUtf8StillFit() {
        var bytes = new byte[LogBatch.LARGEST_MESSAGE_BYTES];
        Arrays.fill(bytes, (byte) 0xFF);
        var cut = LineCutter.cut(bytes, bytes.length, true, 1);
        assertThat(messages(cut)).isNotEmpty().allSatisfy(LineCutterTest::assertFitsOneEvent);
    }

    @Test
    void aBatchHasAtMostTenThousandEvents() {
        var cut = cut("x\n".repeat(LogBatch.MOST_EVENTS + 1), false);
        assertThat(cut.events()).hasSize(LogBatch.MOST_EVENTS);
        assertThat(cut.consumed()).isEqualTo(2 * LogBatch.MOST_EVENTS);
    }

    @Test
    void aBatchIsNotTooLarge() {
        var line = "x".repeat(200_000) + "\n";
        var cut = cut(line.repeat(6), false);
        assertThat(cut.events()).hasSize(5);
    }

    @Property(tries = 200)
    void nothingIsLostWhereverTheFileEndsForTheMoment(
            @ForAll List<@IntRange(max = 6) Integer> lengths, @ForAll @IntRange(min = 1, max = 9) int step) {
        var text = lengths.stream().map(length -> "é".repeat(length) + "\n").collect(Collectors.joining());
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var found = new ArrayList<String>();
        var consumed = 0;
        for (var size = 0; size < bytes.length; size += step) {
            var cut = LineCutter.cut(Arrays.copyOfRange(bytes, consumed, size), size - consumed, false, 1);
            found.addAll(messages(cut));
            consumed += cut.consumed();
        }
        var rest = Arrays.copyOfRange(bytes, consumed, bytes.length);
        found.addAll(messages(LineCutter.cut(rest, rest.length, true, 1)));
        assertThat(found).isEqualTo(text.lines().filter(line -> !line.isEmpty()).toList());
    }

    private static void assertFitsOneEvent(String message) {
        assertThat(message.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(LogBatch.LARGEST_MESSAGE_BYTES);
    }
}
