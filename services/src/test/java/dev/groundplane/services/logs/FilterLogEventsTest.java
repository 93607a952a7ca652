package dev.groundplane.services.logs;

import static dev.groundplane.services.logs.LogsFixture.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

class FilterLogEventsTest {
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

    private FilterLogEventsResponse filter(Consumer<FilterLogEventsRequest.Builder> request) {
        return logs.client().filterLogEvents(r -> request.accept(r.logGroupName(group)));
    }

    private List<String> messages(Consumer<FilterLogEventsRequest.Builder> request) {
        return filter(request).events().stream().map(FilteredLogEvent::message).toList();
    }

    @Test
    void mixesStreamsByTime() {
        logs.stream(group, "t");
        logs.put(group, "s", event(Duration.ofSeconds(1), "s1"), event(Duration.ofSeconds(3), "s3"));
        logs.put(group, "t", event(Duration.ofSeconds(2), "t2"), event(Duration.ofSeconds(4), "t4"));

        FilterLogEventsResponse page = filter(r -> {});

        assertThat(page.events())
                .extracting(e -> e.logStreamName() + " " + e.message())
                .containsExactly("s s1", "t t2", "s s3", "t t4");
        assertThat(page.events().getFirst().eventId()).matches("\\d{56}");
        assertThat(page.nextToken()).isNull();
        assertThat(page.hasSearchedLogStreams()).isTrue();
        assertThat(page.searchedLogStreams()).isEmpty();
    }

    @Test
    void includesStartAndEnd() {
        for (int i = 1; i <= 4; i++) {
            logs.put(group, "s", event(Duration.ofSeconds(i), "m" + i));
        }
        long two = LogsFixture.START.plusSeconds(2).toEpochMilli();
        long three = LogsFixture.START.plusSeconds(3).toEpochMilli();

        assertThat(messages(r -> r.startTime(two).endTime(three))).containsExactly("m2", "m3");
        assertThat(messages(r -> r.startTime(two).endTime(three).logStreamNames("s")))
                .containsExactly("m2", "m3");
    }

    @Test
    void findsTheGroupByItsArn() {
        logs.put(group, "s", event(Duration.ZERO, "m"));
        String arn = "arn:aws:logs:us-east-1:123456789012:log-group:" + group;

        assertThat(messages(r -> r.logGroupName(null).logGroupIdentifier(arn))).containsExactly("m");
    }

    @Test
    void filters() {
        logs.put(group, "s", event(Duration.ZERO, "ERROR one"), event(Duration.ZERO, "INFO two"));

        assertThat(messages(r -> r.filterPattern("ERROR"))).containsExactly("ERROR one");
    }

    @Test
    void searchesManyStreamsOfAPrefix() {
        for (int i = 0; i < 101; i++) {
            logs.stream(group, "p" + i);
            logs.put(group, "p" + i, event(Duration.ofSeconds(i), "m"));
        }
        logs.put(group, "s", event(Duration.ZERO, "other"));

        assertThat(messages(r -> r.logStreamNamePrefix("p"))).hasSize(101).containsOnly("m");
    }

    @Test
    void looksAtALimitedNumberOfEventsPerCall() {
        InputLogEvent[] dull =
                Collections.nCopies(10_000, event(Duration.ZERO, "dull")).toArray(InputLogEvent[]::new);
        for (int i = 0; i < 6; i++) {
            logs.put(group, "s", dull);
        }
        logs.put(group, "s", event(Duration.ofSeconds(1), "sought"));

        FilterLogEventsResponse first = filter(r -> r.filterPattern("sought"));
        assertThat(first.events()).isEmpty();
        assertThat(first.nextToken()).isNotNull();
        assertThat(messages(r -> r.filterPattern("sought").nextToken(first.nextToken())))
                .containsExactly("sought");
    }

    @Test
    void putsOneMegabyteOnAPage() {
        for (int i = 0; i < 5; i++) {
            logs.put(group, "s", event(Duration.ofSeconds(i), i + "x".repeat(400_000)));
        }
        List<Integer> sizes = new ArrayList<>();
        String token = null;
        do {
            String from = token;
            FilterLogEventsResponse page = filter(r -> r.nextToken(from));
            sizes.add(page.events().size());
            token = page.nextToken();
        } while (token != null);

        assertThat(sizes).containsExactly(2, 2, 1);
    }

    @Test
    void refusesWhatAwsRefuses() {
        assertThatThrownBy(() -> filter(r -> r.logStreamNames("s").logStreamNamePrefix("s")))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> filter(r -> r.logStreamNames("absent"))).isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> filter(r -> r.logStreamNames(Collections.nCopies(101, "s"))))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> filter(r -> r.nextToken("x")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("The specified nextToken is invalid.");
        assertThatThrownBy(() -> filter(r -> r.filterPattern("x".repeat(1025))))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void hidesWhatHasExpired() {
        logs.put(group, "s", event(Duration.ofSeconds(1), "a"), event(Duration.ofSeconds(2), "b"));
        String token = filter(r -> r.limit(1)).nextToken();
        logs.client().putRetentionPolicy(r -> r.logGroupName(group).retentionInDays(1));

        logs.now = LogsFixture.START.plusSeconds(2).plus(Duration.ofDays(1));
        assertThat(messages(r -> {})).containsExactly("b");
        logs.now = LogsFixture.START.plusSeconds(3).plus(Duration.ofDays(1));
        assertThat(messages(r -> r.nextToken(token))).isEmpty();
    }
}
