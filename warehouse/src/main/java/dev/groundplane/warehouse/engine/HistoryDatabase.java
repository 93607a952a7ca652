package dev.groundplane.warehouse.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of what was loaded and what statements did, which is worth less than the databases: when it is damaged it is set aside and another one begun,
 * instead of keeping them from being opened.
 */
final class HistoryDatabase {
    private static final Logger log = LoggerFactory.getLogger(HistoryDatabase.class);
    private static final String DATABASE = "load_history";

    private HistoryDatabase() {}

    /** Attaches it, and forgets what is old. */
    static void open(Connection root, Path directory) throws IOException, SQLException {
        var file = directory.resolve("load_history.db");
        try {
            attach(root, file);
        } catch (SQLException damaged) {
            var inUse = String.valueOf(damaged.getMessage()).contains("Could not set lock");
            if (inUse || !Files.exists(file)) { // whole, or not the file's fault
                throw damaged;
            }
            var aside = setAside(root, file);
            log.error(
                    "the history of statements and loads cannot be opened; it begins anew, and what there was is {}",
                    aside,
                    damaged);
            attach(root, file);
        }
    }

    private static void attach(Connection root, Path file) throws IOException, SQLException {
        try (var statement = root.createStatement()) {
            statement.execute("ATTACH %s AS %s".formatted(Names.literal(file.toString()), DATABASE));
            SqlScript.run(statement, "load_history_tables.sql");
            SqlScript.run(statement, "history_tables.sql");
        }
    }

    private static Path setAside(Connection root, Path file) throws IOException, SQLException {
        try (var statement = root.createStatement()) {
            statement.execute("DETACH DATABASE IF EXISTS " + DATABASE);
        }
        var aside = file.resolveSibling(
                file.getFileName() + ".damaged-" + Instant.now().toEpochMilli());
        Files.move(file, aside);
        var log = file.resolveSibling(file.getFileName() + ".wal");
        if (Files.exists(log)) {
            Files.move(log, aside.resolveSibling(aside.getFileName() + ".wal"));
        }
        return aside;
    }
}
