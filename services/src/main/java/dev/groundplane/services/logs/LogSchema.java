package dev.groundplane.services.logs;

import dev.groundplane.platform.store.Migration;
import dev.groundplane.platform.store.Transaction;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The tables of streams and events. */
final class LogSchema {
    /**
     * Ids come from a counter and are never used twice, so that events of something deleted, which are swept later, never
     * show up under something new. {@code accepted} is the agent's offset, null for streams that no agent writes.
     */
    static final List<Migration> MIGRATIONS = List.of(new Migration("logs", 1, """
            CREATE TABLE log_id (last INTEGER NOT NULL);
            INSERT INTO log_id VALUES (0);
            CREATE TABLE log_stream (
              stream_id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL, name TEXT NOT NULL,
              creation INTEGER NOT NULL, last_event INTEGER NOT NULL, last_ingestion INTEGER NOT NULL,
              stored_bytes INTEGER NOT NULL, last_seq INTEGER NOT NULL, accepted INTEGER);
            CREATE UNIQUE INDEX log_stream_name ON log_stream (group_id, name);
            CREATE INDEX log_stream_last_event ON log_stream (group_id, last_event, name);
            CREATE TABLE log_event (
              stream_id INTEGER NOT NULL, ts INTEGER NOT NULL, seq INTEGER NOT NULL, group_id INTEGER NOT NULL,
              ingestion INTEGER NOT NULL, message TEXT NOT NULL,
              PRIMARY KEY (stream_id, ts, seq)) WITHOUT ROWID;
            CREATE INDEX log_event_group ON log_event (group_id, ts, stream_id, seq);
            CREATE TABLE log_stream_deleted (stream_id INTEGER PRIMARY KEY)
            """));

    private LogSchema() {}

    /** An id that nothing had before. */
    static long nextId(Transaction transaction) throws SQLException {
        try (PreparedStatement update =
                        transaction.connection().prepareStatement("UPDATE log_id SET last = last + 1 RETURNING last");
                ResultSet row = update.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
