package dev.groundplane.services.logs;

import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Transaction;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Deletes events that nobody can read any more, in short transactions, so that writers never wait long. */
final class Sweep {
    /** A few milliseconds' work. */
    private static final int CHUNK = 2_000;

    private static final String DELETE = "DELETE FROM log_event WHERE (stream_id, ts, seq) IN"
            + " (SELECT stream_id, ts, seq FROM log_event WHERE %s LIMIT " + CHUNK + ")"
            + " RETURNING stream_id, octet_length(message) + " + Event.OVERHEAD;

    private final Database database;
    private final LogGroups groups;
    private final InstantSource clock;

    Sweep(Database database, LogGroups groups, InstantSource clock) {
        this.database = database;
        this.groups = groups;
        this.clock = clock;
    }

    /** Deletes expired events and those of deleted streams. Idempotent: what one run leaves, the next one deletes. */
    void run() {
        for (Group group : groups.all()) {
            long before = group.expiredBefore(clock.instant());
            if (before > 0) {
                repeat("group_id = ? AND ts < ?", group.id(), before);
            }
        }
        for (long streamId : deletedStreams()) {
            repeat("stream_id = ?", streamId);
            database.write(transaction -> forget(transaction, streamId));
        }
    }

    private void repeat(String condition, long... values) {
        while (database.write(transaction -> delete(transaction, condition, values)) == CHUNK) {
            // Each round is a transaction of its own; others get their turn in between.
        }
    }

    private static int delete(Transaction transaction, String condition, long... values) throws SQLException {
        Map<Long, Long> bytes = new HashMap<>();
        int deleted = 0;
        try (PreparedStatement delete = transaction.connection().prepareStatement(DELETE.formatted(condition))) {
            for (int i = 0; i < values.length; i++) {
                delete.setLong(i + 1, values[i]);
            }
            try (ResultSet rows = delete.executeQuery()) {
                while (rows.next()) {
                    bytes.merge(rows.getLong(1), rows.getLong(2), Long::sum);
                    deleted++;
                }
            }
        }
        try (PreparedStatement update = transaction
                .connection()
                .prepareStatement("UPDATE log_stream SET stored_bytes = stored_bytes - ? WHERE stream_id = ?")) {
            for (Map.Entry<Long, Long> entry : bytes.entrySet()) {
                update.setLong(1, entry.getValue());
                update.setLong(2, entry.getKey());
                update.addBatch();
            }
            update.executeBatch();
        }
        return deleted;
    }

    private List<Long> deletedStreams() {
        return database.read(connection -> {
            List<Long> ids = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement("SELECT stream_id FROM log_stream_deleted");
                    ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
            }
            return ids;
        });
    }

    private static boolean forget(Transaction transaction, long streamId) throws SQLException {
        try (PreparedStatement delete =
                transaction.connection().prepareStatement("DELETE FROM log_stream_deleted WHERE stream_id = ?")) {
            delete.setLong(1, streamId);
            return delete.executeUpdate() > 0;
        }
    }
}
