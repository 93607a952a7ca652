package dev.groundplane.agent.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.CloudWatchLogsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogStreamRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogStreamResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.DataAlreadyAcceptedException;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidSequenceTokenException;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

class CloudWatchLogSinkTest {
    private static final LogBatch BATCH = new LogBatch(10, 14, List.of(new LogEvent(5, "one")));

    private final Logs logs = new Logs();
    private Instant now = Instant.EPOCH;
    private final List<String> regions = new ArrayList<>();
    private final CloudWatchLogSink sink = new CloudWatchLogSink(
            region -> {
                regions.add(region);
                return logs;
            },
            "eu-west-1",
            () -> now);

    private static LogStreamName stream(boolean createGroup) {
        return new LogStreamName(null, "group", "stream", createGroup);
    }

    @Test
    void aStreamInAnExistingGroupIsMade() {
        logs.groups.add("group");
        assertThat(sink.createStream(stream(false))).isEqualTo(new Delivery.Accepted());
        assertThat(sink.createStream(stream(false))).isEqualTo(new Delivery.Accepted());
        assertThat(logs.streams).containsExactly("group/stream");
        assertThat(regions).containsExactly("eu-west-1");
    }

    @Test
    void aMissingGroupIsMadeOnlyOnRequest() {
        assertThat(sink.createStream(stream(false))).isInstanceOf(Delivery.Refused.class);
        assertThat(sink.createStream(stream(true))).isEqualTo(new Delivery.Accepted());
        assertThat(logs.groups).containsExactly("group");
    }

    @Test
    void aStreamIsNotMadeWhereTheFirstBatchMakesItAndTheGroupWasThereAMomentAgo() {
        logs.groups.add("group");
        logs.nextToken = "groundplane:14";
        assertThat(sink.put(stream(false), BATCH)).isEqualTo(new Delivery.Accepted());
        assertThat(sink.expectStream(named("first"))).isEqualTo(new Delivery.Accepted());
        assertThat(sink.expectStream(named("second"))).isEqualTo(new Delivery.Accepted());
        assertThat(logs.streams).containsExactly("group/first");
        logs.groups.clear();
        now = now.plusSeconds(10);
        assertThat(sink.expectStream(named("third"))).isInstanceOf(Delivery.Refused.class);
    }

    @Test
    void aStreamIsAlwaysMadeWhereBatchesDoNotMakeIt() {
        logs.groups.add("group");
        logs.nextToken = "49590302";
        sink.put(stream(false), BATCH);
        sink.expectStream(named("first"));
        sink.expectStream(named("second"));
        assertThat(logs.streams).containsExactlyInAnyOrder("group/first", "group/second");
    }

    private static LogStreamName named(String name) {
        return new LogStreamName(null, "group", name, false);
    }

    @Test
    void aBatchNamesItsPartOfTheFile() {
        assertThat(sink.put(stream(false), BATCH)).isEqualTo(new Delivery.Accepted());
        assertThat(logs.last.sequenceToken()).isEqualTo("groundplane:10:14");
        assertThat(logs.last.logEvents().getFirst().message()).isEqualTo("one");
    }

    @Test
    void theOtherSidesOffsetIsFollowed() {
        logs.failure = DataAlreadyAcceptedException.builder()
                .expectedSequenceToken("groundplane:14")
                .build();
        assertThat(sink.put(stream(false), BATCH)).isEqualTo(new Delivery.ContinueAt(14));
        logs.failure = InvalidSequenceTokenException.builder()
                .expectedSequenceToken("groundplane:3")
                .build();
        assertThat(sink.put(stream(false), BATCH)).isEqualTo(new Delivery.ContinueAt(3));
    }

    @Test
    void troubleThatMayPassIsToldFromRefusals() {
        logs.failure = SdkClientException.create("connection refused");
        assertThat(sink.put(stream(false), BATCH)).isInstanceOf(Delivery.TryLater.class);
        logs.failure = error(503, "ServiceUnavailableException");
        assertThat(sink.put(stream(false), BATCH)).isInstanceOf(Delivery.TryLater.class);
        logs.failure = error(400, "ThrottlingException");
        assertThat(sink.put(stream(false), BATCH)).isInstanceOf(Delivery.TryLater.class);
        logs.failure = error(400, "UnrecognizedClientException");
        assertThat(sink.put(stream(false), BATCH)).isInstanceOf(Delivery.TryLater.class);
        logs.failure = error(400, "AccessDeniedException");
        assertThat(sink.put(stream(false), BATCH)).isInstanceOf(Delivery.Refused.class);
        logs.failure = ResourceNotFoundException.builder().message("gone").build();
        assertThat(sink.put(stream(false), BATCH)).isInstanceOf(Delivery.NoSuchStream.class);
    }

    private static RuntimeException error(int status, String code) {
        return CloudWatchLogsException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("message")
                        .build())
                .build();
    }

    /** Groups and streams in memory. */
    private static final class Logs implements CloudWatchLogsClient {
        private final Set<String> groups = new HashSet<>();
        private final Set<String> streams = new HashSet<>();
        private RuntimeException failure;
        private PutLogEventsRequest last;
        private String nextToken;

        @Override
        public CreateLogGroupResponse createLogGroup(CreateLogGroupRequest request) {
            if (!groups.add(request.logGroupName())) {
                throw ResourceAlreadyExistsException.builder().build();
            }
            return CreateLogGroupResponse.builder().build();
        }

        @Override
        public CreateLogStreamResponse createLogStream(CreateLogStreamRequest request) {
            if (!groups.contains(request.logGroupName())) {
                throw ResourceNotFoundException.builder()
                        .message("The specified log group does not exist.")
                        .build();
            }
            if (!streams.add(request.logGroupName() + "/" + request.logStreamName())) {
                throw ResourceAlreadyExistsException.builder().build();
            }
            return CreateLogStreamResponse.builder().build();
        }

        @Override
        public PutLogEventsResponse putLogEvents(PutLogEventsRequest request) {
            if (failure != null) {
                throw failure;
            }
            last = request;
            return PutLogEventsResponse.builder().nextSequenceToken(nextToken).build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
