package dev.groundplane.agent.logs;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogGroupRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.CreateLogStreamRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DataAlreadyAcceptedException;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidSequenceTokenException;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/**
 * Delivers to CloudWatch Logs. Every PutLogEvents names the part of the file that it carries in {@code sequenceToken},
 * as {@code groundplane:START:END}; a control plane that checks it answers {@code groundplane:OFFSET} when it has the log
 * up to another offset. AWS itself ignores the token. One that checks it also makes a stream with its first batch, so that
 * short containers need one call less. Thread safe.
 */
public final class CloudWatchLogSink implements LogSink {
    private static final Logger log = LoggerFactory.getLogger(CloudWatchLogSink.class);
    private static final String TOKEN_PREFIX = "groundplane:";
    /** How long a group counts as being there: a container whose group is not there does not start. */
    private static final Duration GROUP_SEEN_FOR = Duration.ofSeconds(10);

    /** Refusals that pass once the credentials file or the clock is right again. */
    private static final Set<String> CREDENTIALS_ERRORS = Set.of(
            "ExpiredToken",
            "ExpiredTokenException",
            "IncompleteSignature",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "MissingAuthenticationToken",
            "RequestExpired",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException");

    private final Map<String, CloudWatchLogsClient> clients = new ConcurrentHashMap<>();
    private final Function<String, CloudWatchLogsClient> clientOfRegion;
    private final String homeRegion;
    private final InstantSource clock;
    /** Groups by when a stream of theirs was made last. */
    private final Map<Group, Instant> groups = new ConcurrentHashMap<>();

    private volatile boolean makesStreams;

    private record Group(@Nullable String region, String name) {}

    /**
     * A sink that makes one client per region when it first needs it.
     *
     * @param homeRegion the region of streams that name none
     */
    public CloudWatchLogSink(
            Function<String, CloudWatchLogsClient> clientOfRegion, String homeRegion, InstantSource clock) {
        this.clientOfRegion = clientOfRegion;
        this.homeRegion = homeRegion;
        this.clock = clock;
    }

    @Override
    public Delivery expectStream(LogStreamName stream) {
        var seen = groups.get(new Group(stream.region(), stream.group()));
        return makesStreams && seen != null && seen.plus(GROUP_SEEN_FOR).isAfter(clock.instant())
                ? new Delivery.Accepted()
                : createStream(stream);
    }

    @Override
    public Delivery createStream(LogStreamName stream) {
        var delivery = attempt(() -> createLogStream(stream));
        if (delivery instanceof Delivery.NoSuchStream && stream.createGroup()) {
            var group = attempt(() -> createLogGroup(stream));
            delivery = group instanceof Delivery.Accepted ? attempt(() -> createLogStream(stream)) : group;
        }
        return delivery instanceof Delivery.NoSuchStream(var reason) ? new Delivery.Refused(reason) : delivery;
    }

    private Delivery createLogStream(LogStreamName stream) {
        client(stream)
                .createLogStream(CreateLogStreamRequest.builder()
                        .logGroupName(stream.group())
                        .logStreamName(stream.stream())
                        .build());
        groups.put(new Group(stream.region(), stream.group()), clock.instant());
        return new Delivery.Accepted();
    }

    private Delivery createLogGroup(LogStreamName stream) {
        client(stream)
                .createLogGroup(CreateLogGroupRequest.builder()
                        .logGroupName(stream.group())
                        .build());
        return new Delivery.Accepted();
    }

    @Override
    public Delivery put(LogStreamName stream, LogBatch batch) {
        return attempt(() -> {
            var events = batch.events().stream()
                    .map(event -> InputLogEvent.builder()
                            .timestamp(event.timestampMillis())
                            .message(event.message())
                            .build())
                    .toList();
            var response = client(stream)
                    .putLogEvents(PutLogEventsRequest.builder()
                            .logGroupName(stream.group())
                            .logStreamName(stream.stream())
                            .sequenceToken(TOKEN_PREFIX + batch.start() + ":" + batch.end())
                            .logEvents(events)
                            .build());
            if (response.rejectedLogEventsInfo() != null) {
                log.warn("{} did not take all events: {}", stream, response.rejectedLogEventsInfo());
            }
            makesStreams = offset(response.nextSequenceToken()).isPresent();
            return new Delivery.Accepted();
        });
    }

    private CloudWatchLogsClient client(LogStreamName stream) {
        var region = stream.region();
        return clients.computeIfAbsent(region == null || region.isEmpty() ? homeRegion : region, clientOfRegion);
    }

    private static Delivery attempt(Supplier<Delivery> call) {
        try {
            return call.get();
        } catch (ResourceAlreadyExistsException e) {
            return new Delivery.Accepted();
        } catch (ResourceNotFoundException e) {
            return new Delivery.NoSuchStream(reason(e));
        } catch (DataAlreadyAcceptedException e) {
            var offset = offset(e.expectedSequenceToken());
            return offset.isPresent() ? new Delivery.ContinueAt(offset.getAsLong()) : new Delivery.Accepted();
        } catch (InvalidSequenceTokenException e) {
            var offset = offset(e.expectedSequenceToken());
            return offset.isPresent() ? new Delivery.ContinueAt(offset.getAsLong()) : new Delivery.Refused(reason(e));
        } catch (AwsServiceException e) {
            return mayPass(e) ? new Delivery.TryLater(reason(e)) : new Delivery.Refused(reason(e));
        } catch (SdkClientException e) {
            return new Delivery.TryLater(String.valueOf(e.getMessage()));
        }
    }

    private static boolean mayPass(AwsServiceException e) {
        return e.statusCode() >= 500
                || e.statusCode() == 0
                || e.isThrottlingException()
                || e.isClockSkewException()
                || e.awsErrorDetails() == null
                || CREDENTIALS_ERRORS.contains(e.awsErrorDetails().errorCode());
    }

    private static String reason(AwsServiceException e) {
        var details = e.awsErrorDetails();
        return details == null ? String.valueOf(e.getMessage()) : details.errorCode() + ": " + details.errorMessage();
    }

    private static OptionalLong offset(@Nullable String token) {
        if (token == null || !token.startsWith(TOKEN_PREFIX)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(token.substring(TOKEN_PREFIX.length())));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
