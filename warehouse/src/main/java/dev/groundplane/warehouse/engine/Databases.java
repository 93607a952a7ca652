package dev.groundplane.warehouse.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** A namespace's databases, each a file {@code NAME.duckdb} in its directory, and who works in them. Thread safe. */
public final class Databases {
    private static final String SUFFIX = ".duckdb";

    private final Connection root;
    private final Path directory;
    private final String standard;
    private final Map<String, Integer> sessions = new HashMap<>();

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
        showPrivileges();
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
            statement.execute(
                    "ATTACH IF NOT EXISTS '%s' AS %s".formatted(file.toString().replace("'", "''"), name));
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
        showPrivileges();
        return true;
    }

    private void showPrivileges() throws SQLException {
        try (var statement = root.createStatement()) {
            PrivilegeViews.make(statement);
        }
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
        showPrivileges();
        Files.deleteIfExists(directory.resolve(database + SUFFIX));
        Files.deleteIfExists(directory.resolve(database + SUFFIX + ".wal"));
    }

    synchronized void enter(String database) {
        sessions.merge(database, 1, Integer::sum);
    }

    synchronized void leave(String database) {
        sessions.merge(database, -1, Integer::sum);
    }
}
