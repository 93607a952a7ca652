package dev.groundplane.services.logs;

import static dev.groundplane.services.logs.LogsFixture.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

class GetLogEventsTest {
    private final LogsFixture logs = new LogsFixture();
    private String group;

    @BeforeEach
    void create() {
        group = logs.group();
    }

    @AfterEach
    void close() {
        logs.close();
    }

    private void putSeconds(int from, int to) {
        for (int i = from; i <= to; i++) {
            logs.put(group, "s", event(Duration.ofSeconds(i), "m" + i));
        }
    }

    private GetLogEventsResponse get(Consumer<GetLogEventsRequest.Builder> request) {
        return logs.client()
                .getLogEvents(r -> request.accept(r.logGroupName(group).logStreamName("s")));
    }

    private static List<String> messages(GetLogEventsResponse page) {
        return page.events().stream().map(OutputLogEvent::message).toList();
    }

    @Test
    void beginsAtTheTailUnlessToldOtherwise() {
        putSeconds(1, 5);

        assertThat(messages(get(r -> r.limit(2)))).containsExactly("m4", "m5");
        assertThat(messages(get(r -> r.limit(2).startFromHead(true)))).containsExactly("m1", "m2");
    }

    @Test
    void includesTheStartAndExcludesTheEnd() {
        putSeconds(1, 5);
        long two = LogsFixture.START.plusSeconds(2).toEpochMilli();
        long four = LogsFixture.START.plusSeconds(4).toEpochMilli();

        for (boolean head : List.of(true, false)) {
            assertThat(messages(get(r -> r.startTime(two).endTime(four).startFromHead(head))))
                    .containsExactly("m2", "m3");
        }
        assertThat(messages(get(r -> r.startTime(four).endTime(four)))).isEmpty();
    }

    @Test
    void returnsTheSameTokenAtTheEnd() {
        putSeconds(1, 3);
        String token = get(r -> r.startFromHead(true)).nextForwardToken();

        GetLogEventsResponse end = get(r -> r.nextToken(token).startFromHead(true));
        assertThat(end.events()).isEmpty();
        assertThat(end.nextForwardToken()).isEqualTo(token);
        assertThat(messages(get(r -> r.nextToken(end.nextBackwardToken())))).containsExactly("m1", "m2", "m3");

        String back = get(r -> {}).nextBackwardToken();
        GetLogEventsResponse start = get(r -> r.nextToken(back));
        assertThat(start.events()).isEmpty();
        assertThat(start.nextBackwardToken()).isEqualTo(back);
        assertThat(messages(get(r -> r.nextToken(start.nextForwardToken())))).containsExactly("m1", "m2", "m3");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tokenOfAnEmptyStreamBringsWhatArrivesLater(boolean head) {
        String token = get(r -> r.startFromHead(head)).nextForwardToken();
        assertThat(get(r -> r.nextToken(token)).nextForwardToken()).isEqualTo(token);

        putSeconds(1, 2);
        assertThat(messages(get(r -> r.nextToken(token)))).containsExactly("m1", "m2");
    }

    @Test
    void tokensHaveAwsForm() {
        GetLogEventsResponse page = get(r -> {});

        assertThat(page.nextForwardToken()).matches("f/\\d{56}/s");
        assertThat(page.nextBackwardToken()).matches("b/\\d{56}/s");
    }

    @Test
    void putsOneMegabyteOnAPage() {
        String third = "x".repeat(400_000);
        logs.put(group, "s", event(Duration.ofSeconds(1), third), event(Duration.ofSeconds(2), third));
        logs.put(group, "s", event(Duration.ofSeconds(3), third), event(Duration.ofSeconds(4), "last"));

        GetLogEventsResponse page = get(r -> r.startFromHead(true));
        assertThat(page.events()).hasSize(2);
        assertThat(get(r -> r.nextToken(page.nextForwardToken())).events()).hasSize(2);
        assertThat(messages(get(r -> {})).getLast()).isEqualTo("last");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "f/1",
                "g/00000000000000000000000000000000000000000000000000000000/s",
                "f/12345678901234567890"
            })
    void refusesTokensThatAreNone(String token) {
        assertThatThrownBy(() -> get(r -> r.nextToken(token)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("The specified nextToken is invalid.");
    }

    @Test
    void refusesWhatAwsRefuses() {
        assertThatThrownBy(() -> get(r -> r.limit(10_001)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("'10001' at 'limit'");
        assertThatThrownBy(() -> get(r -> r.limit(0))).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> get(r -> r.logGroupIdentifier(group)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("mutually exclusive");
        assertThatThrownBy(() -> get(r -> r.logStreamName("absent")))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("The specified log stream does not exist.");
        assertThatThrownBy(() -> get(r -> r.logGroupName(null)
                        .logGroupIdentifier("arn:aws:logs:eu-west-1:123456789012:log-group:" + group)))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void hidesWhatHasExpired() {
        putSeconds(1, 3);
        logs.client().putRetentionPolicy(r -> r.logGroupName(group).retentionInDays(1));
        logs.now = LogsFixture.START.plusSeconds(2).plus(Duration.ofDays(1));

        assertThat(messages(get(r -> r.startTime(0L)))).containsExactly("m2", "m3");
        assertThat(logs.client()
                        .describeLogStreams(r -> r.logGroupName(group))
                        .logStreams()
                        .getFirst()
                        .firstEventTimestamp())
                .isEqualTo(LogsFixture.START.plusSeconds(2).toEpochMilli());
    }
}
