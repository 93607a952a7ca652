package dev.groundplane.warehouse.load;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineErrors;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.CopyCommand;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.storage.S3Failures;
import dev.groundplane.warehouse.storage.S3Location;
import dev.groundplane.warehouse.storage.Storage;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a copy job does with files: as {@code COPY}, in a transaction together with what is written down of them. For one thread. */
public final class JobLoad {
    private static final Logger log = LoggerFactory.getLogger(JobLoad.class);

    private final EngineSession engine;
    private final Storage storage;
    private final LoadHistory history;
    private final String user;
    private final int userId;
    private final long job;
    private final CopyCommand command;

    /**
     * @param user of the database, whose job it is
     * @param job its number
     */
    public JobLoad(
            EngineSession engine,
            Storage storage,
            LoadHistory history,
            String user,
            int userId,
            long job,
            CopyCommand command) {
        this.engine = engine;
        this.storage = storage;
        this.history = history;
        this.user = user;
        this.userId = userId;
        this.job = job;
        this.command = command;
    }

    /** A file in the job's bucket. */
    public record File(String key, long bytes) {}

    /**
     * The schema and the name of the table that a command loads, as it is found now.
     *
     * @throws SqlFailure when there is none, or it is no lasting one of the session's database
     */
    public static List<String> table(EngineSession engine, CopyCommand command) throws SQLException {
        var table = TargetTable.of(engine, command);
        if (!table.database().equals(engine.database())) {
            throw SqlFailure.unsupported(
                    "COPY JOB into a temporary table or one of another database than the session's");
        }
        return List.of(table.schema(), table.name());
    }

    /**
     * Loads files, all or none. Failures with several files are left out of the history of loads: whoever asks looks for the file
     * that is bad.
     *
     * @param id the statement's number
     * @param alongside what happens in the same transaction
     * @return how many rows
     * @throws BadFiles when it is for what is in one of them that nothing was loaded
     * @throws SqlFailure when there is another reason, as {@code SQLException}
     */
    public long load(long id, List<File> files, EngineSession.Work alongside) throws SQLException, BadFiles {
        var begun = Instant.now();
        var table = TargetTable.of(engine, command);
        var bucket = S3Location.of(command.source()).bucket();
        var sources = files.stream()
                .map(file -> new SourceFile(new S3Location(bucket, file.key()), file.bytes()))
                .toList();
        var errors = new ArrayList<LoadError>();
        var attempt = new Attempt(id, begun, table, sources, errors);
        var readers = readers(table);
        try {
            var rows = new FilesLoad(engine, storage, user, command, table, readers, errors, alongside).run(sources);
            record(attempt, rows, "");
            return rows;
        } catch (LoadFailed e) {
            throw bad(
                    attempt,
                    "Load into table '%s' failed.  Check 'stl_load_errors' system table for details."
                            .formatted(table.name()),
                    e);
        } catch (SqlFailure e) {
            if (isOfContent(e)) {
                throw bad(attempt, String.valueOf(e.getMessage()), e);
            }
            throw e;
        } catch (SQLException e) {
            var report = EngineErrors.report(e);
            if (report.sqlState().startsWith("22") || report.sqlState().startsWith("23")) {
                throw bad(attempt, report.message(), e);
            }
            throw e;
        }
    }

    private record Attempt(long id, Instant begun, TargetTable table, List<SourceFile> files, List<LoadError> errors) {}

    private BadFiles bad(Attempt attempt, String reason, Exception cause) {
        if (attempt.files().size() == 1) {
            record(attempt, 0, reason);
        }
        var key = attempt.errors().isEmpty()
                ? ""
                : S3Location.of(attempt.errors().getFirst().file()).key();
        return new BadFiles(reason, key, cause);
    }

    /** Rows may be committed by then, which a history that cannot be written does not change. */
    private void record(Attempt attempt, long rows, String failure) {
        try {
            history.add(new LoadHistory.Entry(
                    attempt.id(),
                    user,
                    userId,
                    engine.database(),
                    attempt.table(),
                    command,
                    attempt.files(),
                    attempt.begun(),
                    rows,
                    attempt.errors(),
                    failure,
                    job));
        } catch (SQLException e) {
            log.error("what COPY {} of job {} did is not kept", attempt.id(), job, e);
        }
    }

    private RecordReaders readers(TargetTable table) throws SQLException {
        return engine.outside(() -> {
            try (var s3 = storage.s3(command.authorization(), command.region(), user)) {
                return RecordReaders.of(command, table, new SourceFiles(s3));
            }
        });
    }

    /** What is said of files' contents has no SQLSTATE of its own. */
    private static boolean isOfContent(SqlFailure failure) {
        return failure.report().sqlState().equals(SqlState.INTERNAL_ERROR) && !S3Failures.isOne(failure);
    }
}
