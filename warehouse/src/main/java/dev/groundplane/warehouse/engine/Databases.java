package dev.groundplane.warehouse.engine;

import dev.groundplane.warehouse.sql.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** A namespace's databases, each a file {@code NAME.duckdb} in its directory, and who works in them. Thread safe. */
public final class Databases {
    private static final String SUFFIX = ".duckdb";

    private final Connection root;
    private final Path directory;
    private final String standard;
    private final Map<String, Integer> sessions = new HashMap<>();
    private volatile Set<String> following = Set.of();
    private final AtomicLong definitions = new AtomicLong();

    /** @param standard that there always is */
    Databases(Connection root, Path directory, String standard) {
        this.root = root;
        this.standard = standard;
        this.directory = directory.toAbsolutePath();
    }

    /** Opens all that there are, and the standard one. */
    synchronized void openAll() throws IOException, SQLException {
        try (var files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (var file : files) {
                var name = file.getFileName().toString();
                open(name.substring(0, name.length() - SUFFIX.length()));
            }
        }
        open(standard);
        show();
    }

    /** The database that there always is. */
    public String standard() {
        return standard;
    }

    /** Opens a database; it is made if it is not there. */
    private void open(String database) throws SQLException {
        var file = directory.resolve(database + SUFFIX);
        try (var statement = root.createStatement()) {
            var name = Names.quote(database);
            statement.execute("ATTACH IF NOT EXISTS %s AS %s".formatted(Names.literal(file.toString()), name));
            statement.execute("CREATE SCHEMA IF NOT EXISTS %s.public".formatted(name));
            HiddenSchema.make(statement, database);
        } catch (SQLException e) {
            throw new SQLException("the database %s cannot be opened: %s".formatted(file, e.getMessage()), e);
        }
    }

    /**
     * Makes a database; false when there is one of that name.
     *
     * @throws SQLException when it cannot be made; nothing of it is left then
     */
    public synchronized boolean create(String database) throws IOException, SQLException {
        if (exists(database)) {
            return false;
        }
        try {
            open(database);
        } catch (SQLException e) {
            remove(database);
            throw e;
        }
        show();
        return true;
    }

    /**
     * Opens a database again that the engine lets nobody use any more because its file could not be written, see
     * {@link EngineErrors#isUnusable}. What was committed is in its log. Sessions that work in it go on.
     *
     * @throws SQLException when it cannot be opened now either; then nobody can use it until it is tried again with success
     */
    public synchronized void reopen(String database) throws SQLException {
        try (var statement = root.createStatement()) {
            statement.execute("DETACH DATABASE IF EXISTS " + Names.quote(database));
        }
        open(database);
        show(); // which may have been done while it was away
    }

    /** Has system views show what there is now. */
    synchronized void show() throws SQLException {
        try (var statement = root.createStatement()) {
            PrivilegeViews.make(statement);
            following = IntegrationViews.make(statement);
            CopyJobViews.make(statement);
        }
    }

    /** Whether a database is one that follows a source, so that nothing else may change it. */
    public boolean isFollowing(String database) {
        return following.contains(database);
    }

    /** Whether there is such a database. */
    public synchronized boolean exists(String database) {
        return Files.exists(directory.resolve(database + SUFFIX));
    }

    /** Removes a database and its file; false when sessions work in it. */
    public synchronized boolean drop(String database) throws IOException, SQLException {
        if (sessions.getOrDefault(database, 0) > 0) {
            return false;
        }
        remove(database);
        return true;
    }

    private void remove(String database) throws IOException, SQLException {
        try (var statement = root.createStatement()) {
            statement.execute("DETACH DATABASE IF EXISTS " + Names.quote(database));
        }
        show();
        Files.deleteIfExists(directory.resolve(database + SUFFIX));
        Files.deleteIfExists(directory.resolve(database + SUFFIX + ".wal"));
    }

    /** A number that is another one after somebody has changed definitions or privileges: at once, and when the transaction ends. */
    long definitions() {
        return definitions.get();
    }

    /** Somebody is about to change some, or has. */
    void redefined() {
        definitions.incrementAndGet();
    }

    synchronized void enter(String database) {
        sessions.merge(database, 1, Integer::sum);
    }

    synchronized void leave(String database) {
        sessions.merge(database, -1, Integer::sum);
    }
}
