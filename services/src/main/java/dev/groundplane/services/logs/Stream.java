package dev.groundplane.services.logs;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A log stream as it is stored.
 *
 * @param id numeric, never used twice
 * @param groupId of the group it belongs to
 * @param name unique in its group
 * @param creation milliseconds since 1970, as are the other times
 * @param lastEvent the latest timestamp of its events; 0 without events
 * @param lastIngestion when the last events arrived; 0 without events
 * @param lastSequence of the event that arrived last; 0 without events
 * @param accepted the offset up to which the agent's file is stored; null when no agent writes here
 */
record Stream(
        long id,
        long groupId,
        String name,
        long creation,
        long lastEvent,
        long lastIngestion,
        long lastSequence,
        @Nullable Long accepted) {
    static final String COLUMNS =
            "s.stream_id, s.group_id, s.name, s.creation, s.last_event, s.last_ingestion, s.last_seq, s.accepted";

    static Stream of(ResultSet row) throws SQLException {
        long offset = row.getLong(8);
        Long accepted = row.wasNull() ? null : offset;
        return new Stream(
                row.getLong(1),
                row.getLong(2),
                row.getString(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                accepted);
    }

    /** What AWS calls the next sequence token; only the agent's is ever looked at. */
    String sequenceToken() {
        return accepted == null ? "%056d".formatted(lastSequence) : DeliveredRange.token(accepted);
    }
}
