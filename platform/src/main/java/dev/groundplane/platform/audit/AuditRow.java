package dev.groundplane.platform.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A record as it lies in the store, with whatever somebody may have made of it: nothing in it is taken to be right.
 *
 * @param position its place
 * @param record the columns and the body, without resources
 * @param management the column's text
 * @param resources the column's text
 * @param hash the stored hash; empty when there is none
 * @param chain which chain the record is in
 */
record AuditRow(long position, AuditRecord record, String management, String resources, byte[] hash, String chain) {
    private static final String COLUMNS = "SELECT seq, event_id, event_time, account, region, event_source, event_name,"
            + " user_name, access_key_id, read_only, management, resources, body, hash, %s FROM audit";

    /** What to select for {@link #of}. */
    static final String SELECT = COLUMNS.formatted("chain");

    /** As {@link #SELECT}, also in a database that was last written by a release that had one chain only. */
    static String select(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT 1 FROM schema_version WHERE component = 'audit' AND version >= 2");
                ResultSet row = select.executeQuery()) {
            return row.next() ? SELECT : COLUMNS.formatted("''");
        }
    }

    static AuditRow of(ResultSet row) throws SQLException {
        String management = text(row, 11);
        AuditRecord record = new AuditRecord(
                text(row, 2),
                Instant.ofEpochMilli(row.getLong(3)),
                text(row, 4),
                text(row, 5),
                text(row, 6),
                text(row, 7),
                text(row, 8),
                text(row, 9),
                Boolean.parseBoolean(text(row, 10)),
                management.equals("1"),
                List.of(),
                text(row, 13));
        byte[] hash = row.getBytes(14);
        return new AuditRow(
                row.getLong(1), record, management, text(row, 12), hash == null ? new byte[0] : hash, text(row, 15));
    }

    private static String text(ResultSet row, int column) throws SQLException {
        return Objects.requireNonNullElse(row.getString(column), "");
    }
}
