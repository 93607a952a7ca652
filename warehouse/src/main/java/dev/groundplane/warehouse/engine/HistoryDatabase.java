package dev.groundplane.warehouse.engine;

import dev.groundplane.warehouse.sql.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of what was loaded and what statements did, which is worth less than the databases: when it is damaged it is set aside
 * and another one begun, instead of keeping them from being opened.
 */
public final class HistoryDatabase {
    private static final Logger log = LoggerFactory.getLogger(HistoryDatabase.class);
    /** Its name; statements of the warehouse's own have it before those of its tables. */
    public static final String NAME = "load_history";

    /** Kinds of errors that are of content alone, and the words of those that are also told of other things. */
    private static final Pattern DAMAGE = Pattern.compile("^(Serialization|Data Corruption|INTERNAL) Error"
            + "|not a valid DuckDB database file|[Cc]hecksum|read enough bytes|[Cc]orrupt");

    private HistoryDatabase() {}

    /** Attaches it. */
    static void open(Connection root, Path directory) throws IOException, SQLException {
        var file = directory.resolve(NAME + ".db");
        try {
            attach(root, file);
        } catch (SQLException failure) {
            if (!saysDamaged(failure)) {
                throw failure;
            }
            var aside = setAside(root, file);
            log.error(
                    "the history of statements and loads cannot be opened; it begins anew, and what there was is {}",
                    aside,
                    failure);
            attach(root, file);
        }
    }

    /** Whether it is the file's content that is not as it should be, and not the disk, the memory or another process. */
    static boolean saysDamaged(SQLException failure) {
        return DAMAGE.matcher(String.valueOf(failure.getMessage())).find();
    }

    private static void attach(Connection root, Path file) throws IOException, SQLException {
        try (var statement = root.createStatement()) {
            statement.execute("ATTACH %s AS %s".formatted(Names.literal(file.toString()), NAME));
            SqlScript.run(statement, "load_history_tables.sql");
            SqlScript.run(statement, "history_tables.sql");
        }
    }

    private static Path setAside(Connection root, Path file) throws IOException, SQLException {
        try (var statement = root.createStatement()) {
            statement.execute("DETACH DATABASE IF EXISTS " + NAME);
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
