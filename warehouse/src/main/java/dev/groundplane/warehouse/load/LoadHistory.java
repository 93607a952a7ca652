package dev.groundplane.warehouse.load;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.engine.HistoryDatabase;
import dev.groundplane.warehouse.sql.CopyCommand;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/**
 * What was loaded and what was wrong, for the system views; kept for a week in a file of its own, whatever becomes of the
 * transaction. Thread-safe.
 */
public final class LoadHistory implements AutoCloseable {
    private final EngineSession engine;

    /** @param engine a session of its own, which it closes */
    public LoadHistory(EngineSession engine) {
        this.engine = engine;
    }

    /**
     * A load that has ended.
     *
     * @param id the number of its statement
     * @param user who logged in
     * @param userId whose statement it was, who is shown it
     * @param failure empty when it has not failed
     * @param job the number of the copy job that it was done for; 0 for none
     */
    record Entry(
            long id,
            String user,
            int userId,
            String database,
            TargetTable table,
            CopyCommand command,
            List<SourceFile> files,
            Instant begun,
            long rows,
            List<LoadError> errors,
            String failure,
            long job) {}

    /** Keeps what a load did. */
    synchronized void add(Entry entry) throws SQLException {
        var ended = timestamp(Instant.now());
        engine.atomically(() -> {
            insert(
                    "load",
                    List.of(List.of(
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
                            (long) entry.files().size(),
                            entry.files().stream().mapToLong(SourceFile::bytes).sum(),
                            (long) entry.errors().size(),
                            entry.failure(),
                            entry.userId(),
                            entry.job())));
            if (entry.failure().isEmpty()) {
                insert(
                        "file",
                        entry.files().stream()
                                .map(file -> List.<Object>of(
                                        entry.id(), ended, file.location().toString(), file.bytes()))
                                .toList());
            }
            insert(
                    "error",
                    entry.errors().stream()
                            .map(error -> error(entry.id(), ended, error))
                            .toList());
        });
    }

    private static List<Object> error(long id, LocalDateTime ended, LoadError error) {
        var column = error.column();
        return List.of(
                id,
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

    /** All at once: a statement for each row takes milliseconds, in which other loads wait. */
    private void insert(String table, List<List<Object>> rows) throws SQLException {
        try (var appender = engine.appender(HistoryDatabase.NAME, HiddenSchema.MAIN, table)) {
            for (var row : rows) {
                appender.beginRow();
                for (var value : row) {
                    switch (value) {
                        case Long number -> appender.append(number);
                        case Integer number -> appender.append(number);
                        case LocalDateTime moment -> appender.append(moment);
                        default -> appender.append(value.toString());
                    }
                }
                appender.endRow();
            }
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
