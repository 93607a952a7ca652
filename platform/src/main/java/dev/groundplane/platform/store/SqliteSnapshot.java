package dev.groundplane.platform.store;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;

/**
 * Reads a SQLite database that belongs to another process, or to none at the moment: one snapshot, which later writes of
 * others do not change. Creates, migrates and writes nothing.
 */
public final class SqliteSnapshot {
    private SqliteSnapshot() {}

    /**
     * Runs a query on one snapshot, however long it takes.
     *
     * @throws GroundplaneException when the file is missing, damaged or no database
     */
    public static <R> R read(Path file, SqlFunction<R> query) {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(10_000);
        config.setTempStore(SQLiteConfig.TempStore.FILE);
        try {
            SqliteLibrary.provide(file.toAbsolutePath().resolveSibling("native"));
            try (Connection connection = new KeepingConnection(file, config)) {
                connection.setAutoCommit(false);
                return query.apply(connection);
            }
        } catch (SQLException | IOException e) {
            throw new GroundplaneException(
                    ErrorKind.EXTERNAL, "cannot read the database %s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
