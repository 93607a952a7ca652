package dev.groundplane.services.logs;

import static dev.groundplane.services.logs.LogsFixture.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.model.EntityRejectionErrorType;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.RejectedLogEventsInfo;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

class PutLogEventsTest {
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

    private PutLogEventsResponse put(InputLogEvent... events) {
        return logs.put(group, "s", events);
    }

    private List<String> stored() {
        return logs.client().getLogEvents(r -> r.logGroupName(group).logStreamName("s")).events().stream()
                .map(OutputLogEvent::message)
                .toList();
    }

    private void assertRefused(String message, InputLogEvent... events) {
        assertThatThrownBy(() -> put(events))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining(message);
        assertThat(stored()).isEmpty();
    }

    @Test
    void storesMessagesAsTheyAre() {
        String message = "ä\u0000\uD83D\uDE00\n\t\"' ";
        put(event(Duration.ZERO, message));

        OutputLogEvent event = logs.client()
                .getLogEvents(r -> r.logGroupName(group).logStreamName("s"))
                .events()
                .getFirst();
        assertThat(event.message()).isEqualTo(message);
        assertThat(event.timestamp()).isEqualTo(LogsFixture.START.toEpochMilli());
        assertThat(event.ingestionTime()).isEqualTo(LogsFixture.START.toEpochMilli());
    }

    @Test
    void refusesMalformedBatches() {
        assertRefused("'logEvents'");
        assertRefused("'logEvents.1.member.message'", event(Duration.ZERO, ""));
        assertRefused("'-1' at 'logEvents.1.member.timestamp'", event(-1, "m"));
        assertRefused(
                "Log events in a single PutLogEvents request must be in chronological order.",
                event(Duration.ofSeconds(2), "a"),
                event(Duration.ofSeconds(1), "b"));
        assertRefused(
                "cannot span more than 24 hours",
                event(Duration.ofHours(-23), "a"),
                event(Duration.ofHours(1).plusMillis(1), "b"));
    }

    @Test
    void countsBytesAsAwsDoes() {
        String half = "x".repeat(524_288 - 26);
        assertRefused("Log event too large", event(Duration.ZERO, "x".repeat(1_048_576 - 25)));
        assertRefused(
                "Upload too large: 1048577 bytes exceeds limit of 1048576",
                event(Duration.ZERO, half),
                event(Duration.ZERO, half + "x"));

        put(event(Duration.ZERO, half), event(Duration.ZERO, half));
        assertThat(stored()).hasSize(2);
    }

    @Test
    void takesTenThousandEvents() {
        List<InputLogEvent> most = Collections.nCopies(10_000, event(Duration.ZERO, "m"));
        InputLogEvent[] tooMany =
                Collections.nCopies(10_001, event(Duration.ZERO, "m")).toArray(InputLogEvent[]::new);
        assertRefused("less than or equal to 10000", tooMany);

        put(most.toArray(InputLogEvent[]::new));
        assertThat(stored()).hasSize(10_000);
    }

    @Test
    void leavesOutWhatIsTooOldOrTooNew() {
        PutLogEventsResponse response = put(
                event(Duration.ofDays(-15), "old"),
                event(Duration.ofDays(-14).minusMillis(1), "old"),
                event(Duration.ofHours(-1), "good"),
                event(Duration.ofHours(2), "still good"),
                event(Duration.ofHours(2).plusMillis(1), "new"),
                event(Duration.ofDays(3), "new"));

        assertThat(response.rejectedLogEventsInfo())
                .isEqualTo(RejectedLogEventsInfo.builder()
                        .tooOldLogEventEndIndex(2)
                        .tooNewLogEventStartIndex(4)
                        .build());
        assertThat(stored()).containsExactly("good", "still good");
    }

    @Test
    void leavesOutWhatHasExpired() {
        logs.client().putRetentionPolicy(r -> r.logGroupName(group).retentionInDays(1));

        PutLogEventsResponse response = put(
                event(Duration.ofDays(-20), "old"),
                event(Duration.ofHours(-25), "expired"),
                event(Duration.ofHours(-23), "good"));

        assertThat(response.rejectedLogEventsInfo())
                .isEqualTo(RejectedLogEventsInfo.builder()
                        .tooOldLogEventEndIndex(1)
                        .expiredLogEventEndIndex(2)
                        .build());
        assertThat(stored()).containsExactly("good");
    }

    @Test
    void acceptsABatchOfWhichNothingIsStored() {
        PutLogEventsResponse response = put(event(Duration.ofDays(-20), "old"));

        assertThat(response.rejectedLogEventsInfo().tooOldLogEventEndIndex()).isEqualTo(1);
        assertThat(response.nextSequenceToken()).isNotEmpty();
        assertThat(stored()).isEmpty();
    }

    @Test
    void ignoresSequenceTokensAsAwsDoes() {
        for (String token : List.of("49590302513", "groundplane:7", "groundplane:x:y")) {
            PutLogEventsResponse response = logs.client()
                    .putLogEvents(LogsFixture.request(group, "s", List.of(event(Duration.ZERO, "m"))).toBuilder()
                            .sequenceToken(token)
                            .build());
            assertThat(response.nextSequenceToken()).hasSize(56);
            assertThat(response.rejectedLogEventsInfo()).isNull();
        }
        assertThat(stored()).hasSize(3);
    }

    @Test
    void rejectsEntitiesButKeepsTheirEvents() {
        PutLogEventsResponse response = logs.client()
                .putLogEvents(LogsFixture.request(group, "s", List.of(event(Duration.ZERO, "m"))).toBuilder()
                        .entity(e -> e.keyAttributes(java.util.Map.of("Type", "Service")))
                        .build());

        assertThat(response.rejectedEntityInfo().errorType())
                .isEqualTo(EntityRejectionErrorType.UNSUPPORTED_LOG_GROUP_TYPE);
        assertThat(stored()).containsExactly("m");
    }

    @Test
    void wantsAGroupAndAStream() {
        assertThatThrownBy(() -> logs.put("absent", "s", event(Duration.ZERO, "m")))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("The specified log group does not exist.");
        assertThatThrownBy(() -> logs.put(group, "absent", event(Duration.ZERO, "m")))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("The specified log stream does not exist.");
    }
}
