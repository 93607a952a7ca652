package dev.groundplane.warehouse.copyjob;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.sql.Names;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A database's copy jobs and the files that they know, kept in that database itself: in one transaction with the rows. For one
 * thread.
 */
final class Ledger {
    /** Messages of a job that are kept. */
    private static final int MESSAGES = 100;

    private static final String FILES = "copy_job_file";

    private final EngineSession engine;
    private final String schema;

    Ledger(EngineSession engine) {
        this.engine = engine;
        this.schema = Names.quote(engine.database()) + "." + HiddenSchema.NAME;
    }

    /** What became of a file. */
    enum State {
        /** Its rows are in the table. */
        INGESTED("I"),
        /** It could not be loaded, and nothing of it was. */
        ERROR("E"),
        /** It was there before the job. */
        BEFORE("X");

        private final String code;

        State(String code) {
            this.code = code;
        }
    }

    List<CopyJob> jobs() throws SQLException {
        return engine
                .rows(
                        "SELECT id, name, owner, iam_role, schema_name, table_name, source, job_text, is_auto FROM %s.copy_job"
                                .formatted(schema))
                .stream()
                .map(row -> new CopyJob(
                        Long.parseLong(text(row, 0)),
                        engine.database(),
                        text(row, 1),
                        Integer.parseInt(text(row, 2)),
                        text(row, 3),
                        List.of(text(row, 4), text(row, 5)),
                        text(row, 6),
                        text(row, 7),
                        Boolean.parseBoolean(text(row, 8))))
                .toList();
    }

    Optional<CopyJob> find(String name) throws SQLException {
        return jobs().stream().filter(job -> job.name().equals(name)).findFirst();
    }

    Optional<CopyJob> find(long id) throws SQLException {
        return jobs().stream().filter(job -> job.id() == id).findFirst();
    }

    /** Adds a job, which loads nothing of what has landed by then. */
    void add(CopyJob job, Landing landed) throws SQLException {
        engine.atomically(() -> {
            engine.run("INSERT INTO %s.copy_job VALUES (%d, %s, %d, %s, %s, %s, %s, %s, %b)"
                    .formatted(
                            schema,
                            job.id(),
                            Names.literal(job.name()),
                            job.owner(),
                            Names.literal(job.role()),
                            Names.literal(job.table().getFirst()),
                            Names.literal(job.table().getLast()),
                            Names.literal(job.source()),
                            Names.literal(job.text()),
                            job.auto()));
            engine.run("INSERT INTO %s.%s SELECT %d, name, bytes, etag, modified, NULL, '%s' FROM %s"
                    .formatted(schema, FILES, job.id(), State.BEFORE.code, landed.table()));
        });
    }

    void alter(long id, boolean auto) throws SQLException {
        engine.run("UPDATE %s.copy_job SET is_auto = %b WHERE id = %d".formatted(schema, auto, id));
    }

    /** Forgets a job and its files. */
    void remove(long id) throws SQLException {
        engine.atomically(() -> {
            engine.run("DELETE FROM %s.copy_job WHERE id = %d".formatted(schema, id));
            engine.run("DELETE FROM %s.%s WHERE job = %d".formatted(schema, FILES, id));
            engine.run("DELETE FROM %s.copy_job_message WHERE job = %d".formatted(schema, id));
        });
    }

    /**
     * Finds among files that have landed those that a job is to load: whose name it does not know. One that was there before the
     * job is another one if it was written since.
     *
     * @param retries whether it tries those again that it could not load
     */
    Fresh fresh(CopyJob job, Landing landed, boolean retries) throws SQLException {
        return new Fresh(engine, """
                SELECT l.*, f.name IS NOT NULL AS known
                FROM %s l LEFT JOIN %s.%s f ON f.job = %d AND f.name = l.name
                WHERE f.name IS NULL
                    OR (f.state = '%s' AND (f.etag <> l.etag
                        OR epoch_ms(f.modified) // 1000 <> epoch_ms(l.modified) // 1000))
                    OR (f.state = '%s' AND %b)""".formatted(
                        landed.table(), schema, FILES, job.id(), State.BEFORE.code, State.ERROR.code, retries));
    }

    /** Writes down what became of files; a part of the transaction that loads them, if one does. */
    void put(CopyJob job, List<FreshFile> files, Instant enqueued, State state) throws SQLException {
        engine.atomically(() -> {
            var known = files.stream()
                    .filter(FreshFile::known)
                    .map(one -> Names.literal(one.file().key()))
                    .collect(Collectors.joining(", "));
            if (!known.isEmpty()) {
                engine.run(
                        "DELETE FROM %s.%s WHERE job = %d AND name IN (%s)".formatted(schema, FILES, job.id(), known));
            }
            try (var appender = engine.appender(engine.database(), HiddenSchema.NAME, FILES)) {
                for (var one : files) {
                    var file = one.file();
                    appender.beginRow();
                    appender.append(job.id());
                    appender.append(file.key());
                    appender.append(file.bytes());
                    appender.append(file.etag());
                    appender.append(utc(file.modified()));
                    appender.append(utc(enqueued));
                    appender.append(state.code);
                    appender.endRow();
                }
            }
        });
    }

    /** Writes down why a job could not go on. Said again, only the time changes. */
    void message(CopyJob job, String message, Instant now) throws SQLException {
        engine.atomically(() -> {
            engine.run("DELETE FROM %s.copy_job_message WHERE job = %d AND message = %s"
                    .formatted(schema, job.id(), Names.literal(message)));
            engine.run("INSERT INTO %s.copy_job_message VALUES (%d, make_timestamp(%d), %s)"
                    .formatted(
                            schema, job.id(), ChronoUnit.MICROS.between(Instant.EPOCH, now), Names.literal(message)));
            engine.run(("DELETE FROM %1$s.copy_job_message WHERE job = %2$d AND recorded < (SELECT min(recorded) FROM"
                            + " (SELECT recorded FROM %1$s.copy_job_message WHERE job = %2$d ORDER BY recorded DESC LIMIT %3$d))")
                    .formatted(schema, job.id(), MESSAGES));
        });
    }

    static LocalDateTime utc(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    static String text(List<@Nullable String> row, int place) {
        return Objects.requireNonNull(row.get(place));
    }
}
