package dev.groundplane.warehouse.engine;

import dev.groundplane.warehouse.sql.Names;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBConnection;

/**
 * As long as it is open, no checkpoint of the databases that there were begins, and none runs: commits go into their logs, and their
 * files keep every block that they and the logs speak of. A log that is copied, and then its file, are so what a crash would have
 * left at some time in between. Transactions go on. Thread-safe; close it soon, because logs grow.
 */
public final class HeldCheckpoints implements AutoCloseable {
    private static final AtomicLong NUMBERS = new AtomicLong();

    /** Open transactions that have made something, one for each database: the engine checkpoints beside all others. */
    private final Map<String, Connection> transactions = new LinkedHashMap<>();

    private HeldCheckpoints() {}

    static HeldCheckpoints of(DuckDBConnection root, List<String> databases) throws SQLException {
        var held = new HeldCheckpoints();
        try {
            for (var database : databases) {
                held.hold(root, database);
            }
        } catch (SQLException e) {
            held.close();
            throw e;
        }
        return held;
    }

    private synchronized void hold(DuckDBConnection root, String database) throws SQLException {
        var connection = root.duplicate();
        transactions.put(database, connection);
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            // Never committed. Two who hold them at once may not make the same.
            statement.execute("CREATE TABLE %s.%s.held_checkpoints_%d(i INTEGER)"
                    .formatted(Names.quote(database), HiddenSchema.NAME, NUMBERS.incrementAndGet()));
        }
    }

    /** The databases, by name. */
    public synchronized List<String> databases() {
        return List.copyOf(transactions.keySet());
    }

    @Override
    public synchronized void close() throws SQLException {
        SQLException failure = null;
        for (var transaction : transactions.values()) {
            try (var connection = transaction) {
                connection.rollback();
            } catch (SQLException e) { // the others must not stay open for it: their logs would grow for ever
                failure = e;
            }
        }
        transactions.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
