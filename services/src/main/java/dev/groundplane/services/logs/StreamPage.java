package dev.groundplane.services.logs;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;

/**
 * A page of one stream, as GetLogEvents shows it. Tokens are places in the stream, so they outlive restarts, and one that
 * was given when the stream was empty or read to its end brings what arrived since.
 *
 * @param low where the time range begins, exclusive
 * @param high where the time range ends, exclusive
 * @param token where to go on, if not at an end of the range
 * @param fromHead which end to begin at without a token
 */
record StreamPage(EventPosition low, EventPosition high, Optional<PageToken> token, boolean fromHead, int limit) {
    /** Reads the page. Its events are in order of time whatever the direction. */
    GetLogEventsResponse read(Connection connection, LogEvents events, Stream stream) throws SQLException {
        boolean forward = token.map(PageToken::forward).orElse(fromHead);
        EventPosition from =
                token.filter(PageToken::forward).map(t -> t.position().max(low)).orElse(low);
        EventPosition to =
                token.filter(t -> !t.forward()).map(t -> t.position().min(high)).orElse(high);
        List<Event> page = events.read(connection, stream, from, to, forward, limit);
        return GetLogEventsResponse.builder()
                .events(page.stream().map(StreamPage::output).toList())
                .nextForwardToken(forwardToken(page).text())
                .nextBackwardToken(backwardToken(page).text())
                .build();
    }

    /** Behind the page; for an empty one the token that came, and coming from behind, what was read last. */
    private PageToken forwardToken(List<Event> page) {
        EventPosition position = page.isEmpty()
                ? token.map(t -> t.forward() ? t.position() : t.position().previous())
                        .orElse(low)
                : page.getLast().position();
        return new PageToken(true, position);
    }

    /** Before the page, in the same way. */
    private PageToken backwardToken(List<Event> page) {
        EventPosition position = page.isEmpty()
                ? token.map(t -> t.forward() ? t.position().next() : t.position())
                        .orElse(low)
                : page.getFirst().position();
        return new PageToken(false, position);
    }

    private static OutputLogEvent output(Event event) {
        return OutputLogEvent.builder()
                .timestamp(event.position().timestamp())
                .ingestionTime(event.ingestion())
                .message(event.message())
                .build();
    }
}
