package dev.groundplane.services.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogStream;
import software.amazon.awssdk.services.cloudwatchlogs.model.OrderBy;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

class LogStreamsTest {
    private final LogsFixture logs = new LogsFixture();

    @BeforeEach
    void create() {
        logs.client().createLogGroup(r -> r.logGroupName("g"));
    }

    @AfterEach
    void close() {
        logs.close();
    }

    @Test
    @SuppressWarnings("deprecation") // storedBytes is still in AWS's answers
    void showsWhatAwsShows() {
        logs.stream("g", "app/web/1");
        logs.now = LogsFixture.START.plusSeconds(9);
        logs.put("g", "app/web/1", LogsFixture.event(Duration.ofSeconds(1), "a"));
        logs.put("g", "app/web/1", LogsFixture.event(Duration.ofSeconds(5), "b"));
        logs.put("g", "app/web/1", LogsFixture.event(Duration.ofSeconds(3), "late"));

        LogStream stream = logs.client()
                .describeLogStreams(r -> r.logGroupIdentifier("arn:aws:logs:us-east-1:123456789012:log-group:g"))
                .logStreams()
                .getFirst();

        long start = LogsFixture.START.toEpochMilli();
        assertThat(stream)
                .isEqualTo(LogStream.builder()
                        .logStreamName("app/web/1")
                        .creationTime(start)
                        .firstEventTimestamp(start + 1000)
                        .lastEventTimestamp(start + 5000)
                        .lastIngestionTime(start + 9000)
                        .uploadSequenceToken("0".repeat(55) + "3")
                        .arn("arn:aws:logs:us-east-1:123456789012:log-group:g:log-stream:app/web/1")
                        .storedBytes(0L)
                        .build());
    }

    @Test
    void refusesWhatAwsRefuses() {
        logs.stream("g", "a");

        assertThatThrownBy(() -> logs.stream("g", "a"))
                .isInstanceOf(ResourceAlreadyExistsException.class)
                .hasMessageContaining("The specified log stream already exists");
        assertThatThrownBy(() -> logs.stream("g", "a:b")).isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> logs.stream("absent", "a")).isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> logs.client().describeLogStreams(r -> {}))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> logs.client()
                        .describeLogStreams(r -> r.logGroupName("g").orderBy("Size")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("[LogStreamName, LastEventTime]");
        assertThatThrownBy(() -> logs.client()
                        .describeLogStreams(r ->
                                r.logGroupName("g").logStreamNamePrefix("a").orderBy(OrderBy.LAST_EVENT_TIME)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Cannot order by LastEventTime with a logStreamNamePrefix.");
    }

    @ParameterizedTest
    @CsvSource({
        "LOG_STREAM_NAME, false, a b c d e",
        "LOG_STREAM_NAME, true, e d c b a",
        "LAST_EVENT_TIME, false, b e c a d",
        "LAST_EVENT_TIME, true, d a c e b"
    })
    void pagesThroughAllInTheWantedOrder(OrderBy order, boolean descending, String expected) {
        List.of("d", "a", "c", "b", "e").forEach(name -> logs.stream("g", name));
        logs.put("g", "c", LogsFixture.event(Duration.ofSeconds(1), "m"));
        logs.put("g", "a", LogsFixture.event(Duration.ofSeconds(2), "m"));
        logs.put("g", "d", LogsFixture.event(Duration.ofSeconds(3), "m"));

        List<String> seen = new ArrayList<>();
        String token = null;
        do {
            String from = token;
            DescribeLogStreamsResponse page = logs.client()
                    .describeLogStreams(r -> r.logGroupName("g")
                            .orderBy(order)
                            .descending(descending)
                            .limit(2)
                            .nextToken(from));
            assertThat(page.logStreams()).hasSizeLessThanOrEqualTo(2);
            page.logStreams().forEach(stream -> seen.add(stream.logStreamName()));
            token = page.nextToken();
        } while (token != null);

        assertThat(seen).containsExactly(expected.split(" "));
    }

    @Test
    void listsByPrefixBeyondTheBasicPlane() {
        List.of("a", "ab", "a\uD83D\uDE00", "b").forEach(name -> logs.stream("g", name));

        assertThat(logs.client()
                        .describeLogStreams(r -> r.logGroupName("g").logStreamNamePrefix("a"))
                        .logStreams())
                .extracting(LogStream::logStreamName)
                .containsExactly("a", "ab", "a\uD83D\uDE00");
    }

    @Test
    void deletesWithItsEvents() {
        logs.stream("g", "a");
        logs.put("g", "a", LogsFixture.event(Duration.ZERO, "old"));
        logs.client().deleteLogStream(r -> r.logGroupName("g").logStreamName("a"));

        assertThat(logs.client().filterLogEvents(r -> r.logGroupName("g")).events())
                .isEmpty();
        logs.stream("g", "a");
        assertThat(logs.client()
                        .getLogEvents(r -> r.logGroupName("g").logStreamName("a"))
                        .events())
                .isEmpty();
        assertThatThrownBy(() ->
                        logs.client().deleteLogStream(r -> r.logGroupName("g").logStreamName("b")))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("The specified log stream does not exist.");
    }
}
