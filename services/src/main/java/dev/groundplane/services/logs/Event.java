package dev.groundplane.services.logs;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A log event as it is stored.
 *
 * @param streamId of its stream
 * @param position in its stream
 * @param ingestion when it arrived, in milliseconds
 * @param message not empty
 */
record Event(long streamId, EventPosition position, long ingestion, String message) {
    static final String COLUMNS = "stream_id, ts, seq, ingestion, message";

    /** What AWS counts for an event beside its message. */
    static final int OVERHEAD = 26;

    static Event of(ResultSet row) throws SQLException {
        return new Event(
                row.getLong(1),
                new EventPosition(row.getLong(2), row.getLong(3)),
                row.getLong(4),
                StoredMessage.read(row.getString(5)));
    }

    /** The size AWS counts: the message in UTF-8 and {@value #OVERHEAD} bytes. */
    static int size(String message) {
        return message.getBytes(StandardCharsets.UTF_8).length + OVERHEAD;
    }
}
