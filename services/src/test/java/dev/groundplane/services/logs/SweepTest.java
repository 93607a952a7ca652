package dev.groundplane.services.logs;

import static dev.groundplane.services.logs.LogsFixture.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;

class SweepTest {
    private final LogsFixture logs = new LogsFixture();

    @AfterEach
    void close() {
        logs.close();
    }

    private static InputLogEvent[] many(int count) {
        return Collections.nCopies(count, event(Duration.ZERO, "é")).toArray(InputLogEvent[]::new);
    }

    private long storedBytes(String group) {
        return logs.client()
                .describeLogGroups(r -> r.logGroupNamePrefix(group))
                .logGroups()
                .getFirst()
                .storedBytes();
    }

    @Test
    void deletesWhatHasExpiredAndNothingElse() {
        String group = logs.group();
        String keeps = logs.group();
        logs.client().putRetentionPolicy(r -> r.logGroupName(group).retentionInDays(1));
        logs.put(group, "s", many(4_500));
        logs.put(group, "s", event(Duration.ofHours(1), "stays"));
        logs.put(keeps, "s", many(10));
        logs.sweep();
        assertThat(logs.count("log_event")).isEqualTo(4_511);

        logs.now = LogsFixture.START.plus(Duration.ofDays(1)).plusMillis(1);
        logs.sweep();

        assertThat(logs.count("log_event")).isEqualTo(11);
        assertThat(storedBytes(group)).isEqualTo(5 + 26);
        assertThat(storedBytes(keeps)).isEqualTo(10 * 28);
    }

    @Test
    void deletesTheEventsOfDeletedStreamsAndGroups() {
        String group = logs.group();
        logs.stream(group, "t");
        logs.put(group, "s", many(2_000));
        logs.put(group, "t", many(3));
        logs.client().deleteLogStream(r -> r.logGroupName(group).logStreamName("s"));
        logs.sweep();
        assertThat(logs.count("log_event")).isEqualTo(3);

        logs.client().deleteLogGroup(r -> r.logGroupName(group));
        logs.sweep();
        assertThat(logs.count("log_event")).isZero();
        assertThat(logs.count("log_stream_deleted")).isZero();
    }
}
