package dev.groundplane.services.logs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The events of a group, or of some of its streams, in order of time, read one by one as they are asked for. Belongs to
 * one read of the database; not thread-safe; whoever opens it closes it.
 */
final class MergedEvents implements AutoCloseable {
    private record Source(ResultSet rows, Event head) {}

    private final List<PreparedStatement> statements = new ArrayList<>();
    private final PriorityQueue<Source> sources =
            new PriorityQueue<>(Comparator.comparing(source -> GroupPosition.of(source.head())));

    private MergedEvents() {}

    /**
     * All events of a group.
     *
     * @param after exclusive
     * @param until in milliseconds, inclusive
     */
    static MergedEvents ofGroup(Connection connection, Group group, GroupPosition after, long until)
            throws SQLException {
        MergedEvents merged = new MergedEvents();
        merged.open(
                connection,
                "group_id = ? AND (ts, stream_id, seq) > (?, ?, ?) AND ts <= ? ORDER BY ts, stream_id, seq",
                group.id(),
                after.timestamp(),
                after.streamId(),
                after.sequence(),
                until);
        return merged;
    }

    /** The events of these streams only; {@code after} and {@code until} as in {@link #ofGroup}. */
    static MergedEvents ofStreams(Connection connection, List<Stream> streams, GroupPosition after, long until)
            throws SQLException {
        MergedEvents merged = new MergedEvents();
        for (Stream stream : streams) {
            EventPosition from = after.in(stream);
            merged.open(
                    connection,
                    "stream_id = ? AND (ts, seq) > (?, ?) AND ts <= ? ORDER BY ts, seq",
                    stream.id(),
                    from.timestamp(),
                    from.sequence(),
                    until);
        }
        return merged;
    }

    private void open(Connection connection, String condition, long... values) throws SQLException {
        PreparedStatement select =
                connection.prepareStatement("SELECT " + Event.COLUMNS + " FROM log_event WHERE " + condition);
        statements.add(select);
        for (int i = 0; i < values.length; i++) {
            select.setLong(i + 1, values[i]);
        }
        advance(select.executeQuery());
    }

    /** The next event; null behind the last one. */
    @Nullable
    Event next() throws SQLException {
        Source first = sources.poll();
        if (first == null) {
            return null;
        }
        advance(first.rows());
        return first.head();
    }

    private void advance(ResultSet rows) throws SQLException {
        if (rows.next()) {
            sources.add(new Source(rows, Event.of(rows)));
        }
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : statements) {
            statement.close();
        }
    }
}
