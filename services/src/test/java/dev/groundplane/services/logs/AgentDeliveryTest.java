package dev.groundplane.services.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import software.amazon.awssdk.services.cloudwatchlogs.model.AccessDeniedException;
import software.amazon.awssdk.services.cloudwatchlogs.model.DataAlreadyAcceptedException;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidSequenceTokenException;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/** The agent's offsets: whatever is sent again, or out of order, is stored once and in order. */
class AgentDeliveryTest {
    private static final int LINES = 12;

    private static LogsFixture logs;

    @BeforeContainer
    static void open() {
        logs = new LogsFixture();
    }

    @AfterContainer
    static void close() {
        logs.close();
    }

    private record Range(int start, int end) {}

    /** Sends the lines of a file in which each line is one byte. */
    private static PutLogEventsResponse deliver(String group, int start, int end) {
        List<InputLogEvent> events = new ArrayList<>();
        for (int line = start; line < Math.max(end, start + 1); line++) {
            events.add(LogsFixture.event(Duration.ofSeconds(line), "line " + line));
        }
        return deliver(group, start, end, events);
    }

    private static PutLogEventsResponse deliver(String group, int start, int end, List<InputLogEvent> events) {
        return logs.client()
                .putLogEvents(LogsFixture.request(group, "s", events).toBuilder()
                        .sequenceToken("groundplane:" + start + ":" + end)
                        .build());
    }

    private static List<String> stored(String group) {
        return logs.client().getLogEvents(r -> r.logGroupName(group).logStreamName("s")).events().stream()
                .map(OutputLogEvent::message)
                .toList();
    }

    @Example
    void aHostsBeginningOfALogMakesItsStream() {
        String group = logs.group();
        PutLogEventsRequest begin = batch(group, "new", "groundplane:0:3");
        assertThatThrownBy(() -> logs.client().putLogEvents(begin)).isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> logs.host().putLogEvents(batch(group, "new", "groundplane:3:6")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> logs.host().putLogEvents(batch(group, "new", null)))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> logs.host().putLogEvents(batch("none", "new", "groundplane:0:3")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThat(logs.host().putLogEvents(begin).nextSequenceToken()).isEqualTo("groundplane:3");
        assertThatThrownBy(() -> logs.host().putLogEvents(begin)).isInstanceOf(DataAlreadyAcceptedException.class);
        assertThat(logs.client()
                        .getLogEvents(r -> r.logGroupName(group).logStreamName("new"))
                        .events())
                .hasSize(1);
    }

    @Example
    void aHostWritesToTheLogsOfItsOwnTasksOnly() {
        String group = logs.group();
        assertThatThrownBy(() -> logs.host().putLogEvents(batch(group, "of another", "groundplane:0:3")))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining(
                        "assumed-role/Host/mi-0123456789abcdef0 is not authorized to perform: logs:PutLogEvents")
                .hasMessageContaining("log-group:" + group + ":log-stream:of another");
        assertThatThrownBy(() ->
                        logs.host().createLogStream(r -> r.logGroupName(group).logStreamName("of another")))
                .isInstanceOf(AccessDeniedException.class);
        logs.client().createLogStream(r -> r.logGroupName(group).logStreamName("of another"));
        assertThatThrownBy(() -> logs.host().putLogEvents(batch(group, "of another", null)))
                .isInstanceOf(AccessDeniedException.class);
    }

    private static PutLogEventsRequest batch(String group, String stream, String token) {
        return LogsFixture.request(group, stream, List.of(LogsFixture.event(Duration.ZERO, "line"))).toBuilder()
                .sequenceToken(token)
                .build();
    }

    @Provide
    Arbitrary<List<Range>> attempts() {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, LINES);
        return place.flatMap(a -> place.map(b -> new Range(Math.min(a, b), Math.max(a, b))))
                .filter(range -> range.start < range.end)
                .list()
                .ofMaxSize(20);
    }

    @Property(tries = 100)
    void storesEveryLineOnce(@ForAll("attempts") List<Range> attempts) {
        String group = logs.group();
        int accepted = 0;
        for (Range range : attempts) {
            String expected = "groundplane:" + accepted;
            if (range.start < accepted) {
                assertThatThrownBy(() -> deliver(group, range.start, range.end))
                        .isInstanceOfSatisfying(
                                DataAlreadyAcceptedException.class,
                                e -> assertThat(e.expectedSequenceToken()).isEqualTo(expected));
            } else if (range.start > accepted) {
                assertThatThrownBy(() -> deliver(group, range.start, range.end))
                        .isInstanceOfSatisfying(
                                InvalidSequenceTokenException.class,
                                e -> assertThat(e.expectedSequenceToken()).isEqualTo(expected));
            } else {
                assertThat(deliver(group, range.start, range.end).nextSequenceToken())
                        .isEqualTo("groundplane:" + range.end);
                accepted = range.end;
            }
        }

        List<String> lines = new ArrayList<>();
        for (int line = 0; line < accepted; line++) {
            lines.add("line " + line);
        }
        assertThat(stored(group)).isEqualTo(lines);
    }

    @Example
    void movesOnWhenEveryEventIsRejected() {
        String group = logs.group();
        deliver(group, 0, 5, List.of(LogsFixture.event(Duration.ofDays(-20), "old")));

        assertThat(deliver(group, 5, 6).nextSequenceToken()).isEqualTo("groundplane:6");
        assertThat(stored(group)).containsExactly("line 5");
    }

    @Example
    void keepsTheOffsetWhenTheBatchIsRefused() {
        String group = logs.group();
        List<InputLogEvent> span =
                List.of(LogsFixture.event(Duration.ofDays(-2), "a"), LogsFixture.event(Duration.ZERO, "b"));
        assertThatThrownBy(() -> deliver(group, 0, 5, span)).isInstanceOf(InvalidParameterException.class);

        deliver(group, 0, 1);
        assertThat(stored(group)).containsExactly("line 0");
    }

    @Example
    void otherWritersDoNotMoveTheOffset() {
        String group = logs.group();
        deliver(group, 0, 2);
        logs.put(group, "s", LogsFixture.event(Duration.ofSeconds(2), "other"));
        deliver(group, 2, 3);

        assertThat(stored(group)).containsExactly("line 0", "line 1", "other", "line 2");
        assertThat(logs.client()
                        .describeLogStreams(r -> r.logGroupName(group))
                        .logStreams()
                        .getFirst()
                        .uploadSequenceToken())
                .isEqualTo("groundplane:3");
    }

    @Example
    void aNewStreamBeginsAtZero() {
        String group = logs.group();
        deliver(group, 0, 2);
        logs.client().deleteLogStream(r -> r.logGroupName(group).logStreamName("s"));
        logs.stream(group, "s");

        deliver(group, 0, 1);
        assertThat(stored(group)).containsExactly("line 0");
    }

    @Example
    void refusesAnEmptyRange() {
        String group = logs.group();

        assertThatThrownBy(() -> deliver(group, 0, 0)).isInstanceOf(InvalidParameterException.class);
    }
}
