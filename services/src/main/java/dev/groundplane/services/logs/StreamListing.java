package dev.groundplane.services.logs;

import dev.groundplane.platform.identity.Scope;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeLogStreamsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogStream;
import software.amazon.awssdk.services.cloudwatchlogs.model.OrderBy;

/** DescribeLogStreams: the streams of one group by name or by their last event. */
record StreamListing(LogStore store, Scope scope, Group group) {
    private static final int MAX = 50;

    DescribeLogStreamsResponse describe(DescribeLogStreamsRequest request) {
        String prefix =
                request.logStreamNamePrefix() == null ? "" : Parameters.streamNamePrefix(request.logStreamNamePrefix());
        if (request.orderBy() == OrderBy.UNKNOWN_TO_SDK_VERSION) {
            throw Parameters.notInEnum(
                    request.orderByAsString(), "orderBy", OrderBy.LOG_STREAM_NAME, OrderBy.LAST_EVENT_TIME);
        }
        boolean byTime = request.orderBy() == OrderBy.LAST_EVENT_TIME;
        if (byTime && !prefix.isEmpty()) {
            throw Parameters.invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
        }
        boolean descending = Boolean.TRUE.equals(request.descending());
        int limit = Parameters.limit(request.limit(), MAX);
        ListToken after = ListToken.parse(request.nextToken());
        return store.database().read(connection -> {
            LogStreams streams = store.streams();
            List<Stream> found = byTime
                    ? streams.byLastEvent(connection, group, after.time(), after.name(), descending, limit + 1)
                    : streams.byName(connection, group, prefix, after.name(), descending, limit + 1);
            return response(connection, found, limit);
        });
    }

    /** @param found one more than {@code limit} when there is another page */
    private DescribeLogStreamsResponse response(Connection connection, List<Stream> found, int limit)
            throws SQLException {
        DescribeLogStreamsResponse.Builder response = DescribeLogStreamsResponse.builder();
        long expiredBefore = group.expiredBefore(store.clock().instant());
        List<LogStream> page = new ArrayList<>();
        for (Stream stream : found.subList(0, Math.min(limit, found.size()))) {
            page.add(show(stream, store.events().firstEvent(connection, stream, expiredBefore)));
        }
        if (found.size() > limit) {
            Stream last = found.get(limit - 1);
            response.nextToken(new ListToken(last.lastEvent(), last.name()).text());
        }
        return response.logStreams(page).build();
    }

    @SuppressWarnings("deprecation") // storedBytes: AWS reports zero for streams since 2019, and old clients read it
    private LogStream show(Stream stream, OptionalLong firstEvent) {
        LogStream.Builder shown = LogStream.builder()
                .logStreamName(stream.name())
                .creationTime(stream.creation())
                .arn(scope.arn("logs", "log-group:" + group.name() + ":log-stream:" + stream.name()))
                .storedBytes(0L);
        firstEvent.ifPresent(shown::firstEventTimestamp);
        if (stream.lastSequence() > 0) {
            shown.lastEventTimestamp(stream.lastEvent())
                    .lastIngestionTime(stream.lastIngestion())
                    .uploadSequenceToken(stream.sequenceToken());
        }
        return shown.build();
    }
}
