package dev.groundplane.testing;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Migration;
import dev.groundplane.platform.store.PostgresDatabase;
import dev.groundplane.platform.store.PostgresServer;
import dev.groundplane.platform.store.PostgresSnapshot;
import dev.groundplane.platform.store.SqlFunction;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.platform.store.SqliteSnapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * The store that a test runs on: SQLite, and in the build's second run, with {@code -Dgroundplane.store=postgres},
 * PostgreSQL.
 */
public final class TestStore {
    private static final boolean POSTGRES = "postgres".equals(System.getProperty("groundplane.store"));
    private static final Map<Path, PostgresServer> SCHEMAS = new ConcurrentHashMap<>();

    private TestStore() {}

    /**
     * Opens a database; the same one for the same file.
     *
     * @param file the database's; on PostgreSQL no more than its name
     */
    public static Database open(Path file, List<Migration> migrations, Events events) {
        if (!POSTGRES) {
            return new SqliteDatabase(file, migrations);
        }
        PostgresServer server = SCHEMAS.computeIfAbsent(
                file, f -> new PostgresServer(PostgresCluster.shared().schema(), null));
        Database database = new PostgresDatabase(server, migrations, events);
        awaitLead(database);
        return database;
    }

    /** Reads a database as another process does that has nothing to do with who opened it. */
    public static <R> R snapshot(Path file, SqlFunction<R> query) {
        return POSTGRES
                ? PostgresSnapshot.read(Objects.requireNonNull(SCHEMAS.get(file), "never opened"), query)
                : SqliteSnapshot.read(file, query);
    }

    /** As the only process that it is, it soon leads; tests begin when it does. */
    private static void awaitLead(Database database) {
        CountDownLatch leads = new CountDownLatch(1);
        database.replicas().whileLeading(leads::countDown);
        try {
            leads.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
