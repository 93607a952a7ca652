package dev.groundplane.services.s3;

import dev.groundplane.platform.store.Transaction;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The starts of processes that write content files. A file gets its first row only while its start has not ended: so those of
 * an ended start that no row names never get one, and can be removed, also when its process was only taken for dead.
 */
final class StartTable {
    private StartTable() {}

    /**
     * Notes that a process starts; what it started before has ended.
     *
     * @return the number of the start
     */
    static long begin(Transaction transaction, String process) throws SQLException {
        long epoch = S3Schema.nextEpoch(transaction);
        try (PreparedStatement delete =
                        transaction.connection().prepareStatement("DELETE FROM s3_start WHERE process = ?");
                PreparedStatement insert =
                        transaction.connection().prepareStatement("INSERT INTO s3_start VALUES (?, ?)")) {
            delete.setString(1, process);
            delete.executeUpdate();
            insert.setLong(1, epoch);
            insert.setString(2, process);
            insert.executeUpdate();
        }
        return epoch;
    }

    static boolean goesOn(Transaction transaction, long epoch) throws SQLException {
        try (PreparedStatement select =
                transaction.connection().prepareStatement("SELECT 1 FROM s3_start WHERE epoch = ?")) {
            select.setLong(1, epoch);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /**
     * Ends the starts of processes that are not alive.
     *
     * @return those that go on
     */
    static Set<Long> endUnless(Transaction transaction, Set<String> alive) throws SQLException {
        Set<Long> goOn = new HashSet<>();
        List<Long> ended = new ArrayList<>();
        try (PreparedStatement select =
                        transaction.connection().prepareStatement("SELECT epoch, process FROM s3_start");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                if (alive.contains(row.getString(2))) {
                    goOn.add(row.getLong(1));
                } else {
                    ended.add(row.getLong(1));
                }
            }
        }
        try (PreparedStatement delete =
                transaction.connection().prepareStatement("DELETE FROM s3_start WHERE epoch = ?")) {
            for (long epoch : ended) {
                delete.setLong(1, epoch);
                delete.executeUpdate();
            }
        }
        return goOn;
    }
}
