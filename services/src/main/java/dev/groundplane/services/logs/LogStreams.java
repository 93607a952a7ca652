package dev.groundplane.services.logs;

import dev.groundplane.platform.store.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/** The log streams of every group. Stateless: what it knows is in the database. */
final class LogStreams {
    /** Sorts after every name. */
    private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

    /** What a batch changes on its stream. */
    record Advance(
            long lastEvent,
            Instant ingestion,
            long bytes,
            int events,
            @Nullable Long accepted) {}

    void create(Transaction transaction, Group group, String name, Instant now) throws SQLException {
        if (find(transaction.connection(), group, name).isPresent()) {
            throw ResourceAlreadyExistsException.builder()
                    .message("The specified log stream already exists")
                    .build();
        }
        insert(transaction, group, name, now);
    }

    /** Creates a stream that is not there yet. */
    void ensure(Transaction transaction, Group group, String name, Instant now) throws SQLException {
        if (find(transaction.connection(), group, name).isEmpty()) {
            insert(transaction, group, name, now);
        }
    }

    private static void insert(Transaction transaction, Group group, String name, Instant now) throws SQLException {
        try (PreparedStatement insert = transaction
                .connection()
                .prepareStatement("INSERT INTO log_stream VALUES (?, ?, ?, ?, 0, 0, 0, 0, NULL)")) {
            insert.setLong(1, LogSchema.nextId(transaction));
            insert.setLong(2, group.id());
            insert.setString(3, name);
            insert.setLong(4, now.toEpochMilli());
            insert.executeUpdate();
        }
    }

    Optional<Stream> find(Connection connection, Group group, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + Stream.COLUMNS + " FROM log_stream s WHERE s.group_id = ? AND s.name = ?")) {
            select.setLong(1, group.id());
            select.setString(2, name);
            return rows(select).stream().findFirst();
        }
    }

    /** @throws ResourceNotFoundException when the group has no such stream */
    Stream require(Connection connection, Group group, String name) throws SQLException {
        return find(connection, group, name)
                .orElseThrow(() -> ResourceNotFoundException.builder()
                        .message("The specified log stream does not exist.")
                        .build());
    }

    /** The name of a stream; empty when it is deleted. */
    Optional<String> name(Connection connection, long id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT name FROM log_stream WHERE stream_id = ?")) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /**
     * Lists by name.
     *
     * @param after the name after which to begin; empty for the start
     */
    List<Stream> byName(Connection connection, Group group, String prefix, String after, boolean descending, int limit)
            throws SQLException {
        if (!after.startsWith(prefix) && !after.isEmpty()) {
            throw Parameters.invalid("The specified nextToken is invalid.");
        }
        // One bound on each side: of two, SQLite might search by the wider one.
        boolean fromStart = after.isEmpty() || descending;
        try (PreparedStatement select = connection.prepareStatement("SELECT " + Stream.COLUMNS
                + " FROM log_stream s WHERE s.group_id = ? AND s.name " + (fromStart ? ">=" : ">")
                + " ? AND s.name < ? ORDER BY s.name " + (descending ? "DESC" : "ASC") + " LIMIT ?")) {
            select.setLong(1, group.id());
            select.setString(2, fromStart ? prefix : after);
            select.setString(3, descending && !after.isEmpty() ? after : prefix + LAST);
            select.setInt(4, limit);
            return rows(select);
        }
    }

    /**
     * Lists by the time of the last event, then by name.
     *
     * @param afterEvent the time and
     * @param afterName the name after which to begin; the name is empty for the start
     */
    List<Stream> byLastEvent(
            Connection connection, Group group, long afterEvent, String afterName, boolean descending, int limit)
            throws SQLException {
        String order = descending
                ? "(s.last_event, s.name) < (?, ?) ORDER BY s.last_event DESC, s.name DESC"
                : "(s.last_event, s.name) > (?, ?) ORDER BY s.last_event, s.name";
        boolean fromEnd = descending && afterName.isEmpty();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + Stream.COLUMNS + " FROM log_stream s WHERE s.group_id = ? AND " + order + " LIMIT ?")) {
            select.setLong(1, group.id());
            select.setLong(2, fromEnd ? EventPosition.MAX_TIMESTAMP : afterEvent);
            select.setString(3, fromEnd ? LAST : afterName);
            select.setInt(4, limit);
            return rows(select);
        }
    }

    /** The bytes that the group's streams hold. */
    long storedBytes(Connection connection, Group group) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT SUM(stored_bytes) FROM log_stream WHERE group_id = ?")) {
            select.setLong(1, group.id());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    void advance(Transaction transaction, Stream stream, Advance by) throws SQLException {
        try (PreparedStatement update = transaction
                .connection()
                .prepareStatement("UPDATE log_stream SET last_event = ?, last_ingestion = ?, last_seq = ?,"
                        + " stored_bytes = stored_bytes + ?, accepted = ? WHERE stream_id = ?")) {
            boolean events = by.events() > 0;
            update.setLong(1, Math.max(stream.lastEvent(), by.lastEvent()));
            update.setLong(2, events ? by.ingestion().toEpochMilli() : stream.lastIngestion());
            update.setLong(3, stream.lastSequence() + by.events());
            update.setLong(4, by.bytes());
            update.setObject(5, by.accepted());
            update.setLong(6, stream.id());
            update.executeUpdate();
        }
    }

    /** Removes the stream at once; its events are out of reach then and go with the next sweep. */
    void delete(Transaction transaction, Stream stream) throws SQLException {
        delete(transaction, "stream_id = ?", stream.id());
    }

    /** Removes the group's streams at once; their events are out of reach then and go with the next sweep. */
    void deleteAll(Transaction transaction, Group group) throws SQLException {
        delete(transaction, "group_id = ?", group.id());
    }

    private static void delete(Transaction transaction, String condition, long id) throws SQLException {
        for (String sql : List.of(
                "INSERT INTO log_stream_deleted SELECT stream_id FROM log_stream WHERE " + condition,
                "DELETE FROM log_stream WHERE " + condition)) {
            try (PreparedStatement statement = transaction.connection().prepareStatement(sql)) {
                statement.setLong(1, id);
                statement.executeUpdate();
            }
        }
    }

    private static List<Stream> rows(PreparedStatement select) throws SQLException {
        List<Stream> rows = new ArrayList<>();
        try (ResultSet result = select.executeQuery()) {
            while (result.next()) {
                rows.add(Stream.of(result));
            }
        }
        return rows;
    }
}
