package dev.groundplane.platform.audit;

import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Reads the trail upwards, oldest first, for whoever passes every record on once. Data events included. Thread-safe. */
public final class AuditScan {
    private static final String COLUMNS = "SELECT a.seq, a.event_id, a.event_time, a.account, a.region,"
            + " a.event_source, a.event_name, a.user_name, a.access_key_id, a.read_only, a.management, a.resources,"
            + " a.body FROM audit a WHERE a.seq > ? AND a.seq <= ? AND a.account = ?";

    private final Database database;

    /** @param database where the trail is kept */
    public AuditScan(Database database) {
        this.database = database;
    }

    /** The position of the newest record; 0 when there is none. */
    public long tip() {
        return database.read(AuditScan::tip);
    }

    /** The position of the newest record as the open transaction sees it. */
    public long tip(Transaction transaction) throws SQLException {
        return tip(transaction.connection());
    }

    private static long tip(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT MAX(seq) FROM audit");
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /**
     * The records of an account between two positions. The difference of the positions bounds the work, however few records
     * are the account's.
     *
     * @param after the position before the first
     * @param upTo the last position, inclusive
     * @param region of which region; empty for all
     */
    public List<AuditTrail.Found> between(long after, long upTo, String account, Optional<String> region) {
        String sql = COLUMNS + (region.isPresent() ? " AND a.region = ?" : "") + " ORDER BY a.seq";
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setLong(1, after);
                select.setLong(2, upTo);
                select.setString(3, account);
                if (region.isPresent()) {
                    select.setString(4, region.get());
                }
                return AuditTrail.rows(select);
            }
        });
    }
}
