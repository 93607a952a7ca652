package dev.groundplane.services.logs;

import dev.groundplane.platform.store.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsResponse;

/** The events of every stream: storing them, and reading one stream. What it knows is in the database. */
final class LogEvents {
    private final LogGroups groups;
    private final LogStreams streams;
    private final LongAdder stored;

    /** @param stored counts events once they are durable */
    LogEvents(LogGroups groups, LogStreams streams, LongAdder stored) {
        this.groups = groups;
        this.streams = streams;
        this.stored = stored;
    }

    /** Stores a batch: a few statements, whatever its size. A host's beginning of a log makes its stream. */
    PutLogEventsResponse put(Transaction transaction, LogWrite write, Instant now) throws SQLException {
        Group group = groups.require(transaction, write.scope(), write.groupName());
        if (write.makesStream()) {
            streams.ensure(transaction, group, write.streamName(), now);
        }
        Stream stream = streams.require(transaction.connection(), group, write.streamName());
        Long offset = stream.accepted();
        write.range().ifPresent(range -> range.follows(offset == null ? 0 : offset));
        LogBatch.Accepted accepted = write.batch().accept(now, group.expiredBefore(now));
        List<InputLogEvent> events = accepted.events();
        long bytes = accepted.bytes() + insert(transaction, stream, events, now);
        transaction.afterCommit(() -> stored.add(events.size()));
        Long end = write.range().map(DeliveredRange::end).orElse(offset);
        if (!events.isEmpty() || write.range().isPresent()) {
            long last = events.isEmpty() ? 0 : events.getLast().timestamp();
            streams.advance(transaction, stream, new LogStreams.Advance(last, now, bytes, events.size(), end));
        }
        return PutLogEventsResponse.builder()
                .nextSequenceToken(write.range()
                        .map(range -> DeliveredRange.token(range.end()))
                        .orElseGet(() -> "%056d".formatted(stream.lastSequence() + events.size())))
                .rejectedLogEventsInfo(accepted.rejected())
                .build();
    }

    /** @return how many bytes more than AWS counts they take, so that the sweep may count what it finds */
    private static long insert(Transaction transaction, Stream stream, List<InputLogEvent> events, Instant now)
            throws SQLException {
        if (events.isEmpty()) {
            return 0;
        }
        long more = 0;
        try (PreparedStatement insert = transaction
                .connection()
                .prepareStatement("INSERT INTO log_event (stream_id, ts, seq, group_id, ingestion, message)"
                        + " VALUES (?, ?, ?, ?, ?, ?)")) {
            long sequence = stream.lastSequence();
            for (InputLogEvent event : events) {
                sequence++;
                insert.setLong(1, stream.id());
                insert.setLong(2, event.timestamp());
                insert.setLong(3, sequence);
                insert.setLong(4, stream.groupId());
                insert.setLong(5, now.toEpochMilli());
                String message = StoredMessage.of(event.message());
                more += message.length() - event.message().length();
                insert.setString(6, message);
                insert.addBatch();
            }
            insert.executeBatch();
            return more;
        }
    }

    /**
     * Reads events between two places, in order of time, as many as AWS puts on a page.
     *
     * @param low exclusive
     * @param high exclusive
     * @param fromLow whether to keep those next to {@code low} when there are too many, else those next to {@code high}
     */
    List<Event> read(
            Connection connection, Stream stream, EventPosition low, EventPosition high, boolean fromLow, int limit)
            throws SQLException {
        String order = fromLow ? "ORDER BY ts, seq" : "ORDER BY ts DESC, seq DESC";
        try (PreparedStatement select = connection.prepareStatement("SELECT " + Event.COLUMNS
                + " FROM log_event WHERE stream_id = ? AND (ts, seq) > (?, ?) AND (ts, seq) < (?, ?) " + order
                + " LIMIT ?")) {
            select.setLong(1, stream.id());
            select.setLong(2, low.timestamp());
            select.setLong(3, low.sequence());
            select.setLong(4, high.timestamp());
            select.setLong(5, high.sequence());
            select.setInt(6, limit);
            List<Event> page = page(select);
            return fromLow ? page : page.reversed();
        }
    }

    private static List<Event> page(PreparedStatement select) throws SQLException {
        List<Event> page = new ArrayList<>();
        long bytes = 0;
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                Event event = Event.of(rows);
                bytes += Event.size(event.message());
                if (bytes > LogBatch.MAX_BYTES && !page.isEmpty()) {
                    break;
                }
                page.add(event);
            }
        }
        return page;
    }

    /** The time of the stream's first event that has not expired. */
    OptionalLong firstEvent(Connection connection, Stream stream, long expiredBefore) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT ts FROM log_event WHERE stream_id = ? AND ts >= ? ORDER BY ts, seq LIMIT 1")) {
            select.setLong(1, stream.id());
            select.setLong(2, expiredBefore);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }
}
