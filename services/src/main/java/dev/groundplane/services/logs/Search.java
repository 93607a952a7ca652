package dev.groundplane.services.logs;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;

/**
 * A search through a group, as FilterLogEvents does it. One call looks at a limited number of events; when they do not
 * fill a page, the page is short or empty and its token goes on behind them.
 *
 * @param streamNames the streams to search; empty for those of {@code prefix}
 * @param prefix what the names of the searched streams begin with; empty for all
 * @param after where to begin, exclusive
 * @param until in milliseconds, inclusive
 * @param limit how many events at the most
 */
record Search(
        List<String> streamNames, String prefix, FilterPattern pattern, GroupPosition after, long until, int limit) {
    static final int MAX_SCANNED = 50_000;

    /** So many streams are read each by itself; more are picked out of the whole group's events. */
    private static final int MAX_SOURCES = 100;

    /** @throws software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException for an unknown stream */
    FilterLogEventsResponse run(Connection connection, LogStreams streams, Group group) throws SQLException {
        List<Stream> selected = select(connection, streams, group);
        Map<Long, Optional<String>> names = new HashMap<>();
        selected.forEach(stream -> names.put(stream.id(), Optional.of(stream.name())));
        boolean few = selected.size() <= MAX_SOURCES && !(streamNames.isEmpty() && prefix.isEmpty());
        try (MergedEvents events = few
                ? MergedEvents.ofStreams(connection, selected, after, until)
                : MergedEvents.ofGroup(connection, group, after, until)) {
            return collect(connection, streams, events, names);
        }
    }

    private List<Stream> select(Connection connection, LogStreams streams, Group group) throws SQLException {
        if (streamNames.isEmpty()) {
            return prefix.isEmpty() ? List.of() : streams.byName(connection, group, prefix, "", false, MAX_SOURCES + 1);
        }
        List<Stream> selected = new ArrayList<>();
        for (String name : streamNames.stream().distinct().toList()) {
            selected.add(streams.require(connection, group, name));
        }
        return selected;
    }

    private FilterLogEventsResponse collect(
            Connection connection, LogStreams streams, MergedEvents events, Map<Long, Optional<String>> names)
            throws SQLException {
        List<FilteredLogEvent> page = new ArrayList<>();
        GroupPosition last = after;
        long bytes = 0;
        int scanned = 0;
        for (Event event = events.next(); event != null; event = events.next()) {
            if (page.size() == limit || scanned == MAX_SCANNED) {
                return response(page, last);
            }
            Optional<String> name = names.get(event.streamId());
            if (name == null) {
                name = streams.name(connection, event.streamId()).filter(n -> n.startsWith(prefix));
                names.put(event.streamId(), name);
            }
            if (name.isPresent() && pattern.matches(event.message())) {
                bytes += Event.size(event.message());
                if (bytes > LogBatch.MAX_BYTES && !page.isEmpty()) {
                    return response(page, last);
                }
                page.add(output(event, name.get()));
            }
            last = GroupPosition.of(event);
            scanned++;
        }
        return response(page, null);
    }

    private static FilterLogEventsResponse response(List<FilteredLogEvent> page, @Nullable GroupPosition last) {
        return FilterLogEventsResponse.builder()
                .events(page)
                .searchedLogStreams(List.of())
                .nextToken(last == null ? null : last.text())
                .build();
    }

    private static FilteredLogEvent output(Event event, String streamName) {
        return FilteredLogEvent.builder()
                .logStreamName(streamName)
                .timestamp(event.position().timestamp())
                .ingestionTime(event.ingestion())
                .message(event.message())
                .eventId(GroupPosition.of(event).text())
                .build();
    }
}
