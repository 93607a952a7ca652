package dev.groundplane.warehouse.load;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.CopyCommand;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was loaded and what was wrong, for the system views; kept for a week in a file of its own, whatever becomes of the
 * transaction. Thread-safe.
 */
public final class LoadHistory implements AutoCloseable {
    private final EngineSession engine;

    /** @param engine a session of its own, which it closes */
    public LoadHistory(EngineSession engine) throws SQLException {
        this.engine = engine;
        for (var table : List.of("load", "error", "file")) {
            engine.run("DELETE FROM load_history.main.%s WHERE ended < now()::TIMESTAMP - INTERVAL 7 DAY"
                    .formatted(table));
        }
    }

    /**
     * A load that has ended.
     *
     * @param id the number of its statement
     * @param failure empty when it has not failed
     */
    record Entry(
            long id,
            String user,
            String database,
            TargetTable table,
            CopyCommand command,
            List<SourceFile> files,
            Instant begun,
            long rows,
            List<LoadError> errors,
            String failure) {}

    synchronized void add(Entry entry) throws SQLException {
        var ended = timestamp(Instant.now());
        engine.atomically(() -> {
            insert(
                    "load",
                    entry.id(),
                    ended,
                    timestamp(entry.begun()),
                    entry.user(),
                    entry.database(),
                    entry.table().name(),
                    entry.table().id(),
                    entry.command().source(),
                    entry.command().format().getClass().getSimpleName().toLowerCase(Locale.ROOT),
                    entry.rows(),
                    entry.files().size(),
                    entry.files().stream().mapToLong(SourceFile::bytes).sum(),
                    entry.errors().size(),
                    entry.failure());
            if (entry.failure().isEmpty()) {
                for (var file : entry.files()) {
                    insert("file", entry.id(), ended, file.location().toString(), file.bytes());
                }
            }
            for (var error : entry.errors()) {
                var column = error.column();
                insert(
                        "error",
                        entry.id(),
                        ended,
                        error.file(),
                        error.line(),
                        column == null ? "" : column.name(),
                        column == null ? "" : column.typeName(),
                        column == null ? "" : column.lengthName(),
                        error.position(),
                        error.rawLine(),
                        error.rawValue(),
                        error.fault().code(),
                        error.fault().reason());
            }
        });
    }

    private void insert(String table, @Nullable Object... values) throws SQLException {
        var marks = "?" + ", ?".repeat(values.length - 1);
        try (PreparedStatement statement =
                engine.prepare("INSERT INTO load_history.main.%s VALUES (%s)".formatted(table, marks))) {
            for (var i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.execute();
        }
    }

    private static LocalDateTime timestamp(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    @Override
    public void close() throws SQLException {
        engine.close();
    }
}
