package dev.groundplane.warehouse.load;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineErrors;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.CopyCommand;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.storage.Storage;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * One {@code COPY}: all rows or none, within the session's transaction or one of its own. What was wrong stays in the history
 * either way.
 */
public final class Load {
    private static final Logger log = LoggerFactory.getLogger(Load.class);

    private final EngineSession engine;
    private final Duration limit;
    private final String user;
    private final int userId;
    private final Storage storage;
    private final LoadHistory history;
    private final long id;
    private final CopyCommand command;
    private final List<LoadError> errors = new ArrayList<>();

    /**
     * @param limit for all that it does; zero for none
     * @param user who logged in
     * @param userId whose statement it is
     * @param id its number
     */
    public Load(
            EngineSession engine,
            Duration limit,
            String user,
            int userId,
            Storage storage,
            LoadHistory history,
            long id,
            CopyCommand command) {
        this.engine = engine;
        this.limit = limit;
        this.user = user;
        this.userId = userId;
        this.storage = storage;
        this.history = history;
        this.id = id;
        this.command = command;
    }

    /**
     * Loads.
     *
     * @return what the client is told
     * @throws SqlFailure when nothing was loaded
     */
    public List<String> run() throws SQLException {
        return engine.within(limit, this::load);
    }

    private List<String> load() throws SQLException {
        var begun = Instant.now();
        var table = TargetTable.of(engine, command);
        var files = List.<SourceFile>of();
        try {
            RecordReaders readers;
            try (var s3 = engine.outside(this::s3)) {
                var sources = new SourceFiles(s3);
                files = engine.outside(() -> sources.of(command));
                readers = engine.outside(() -> RecordReaders.of(command, table, sources));
            }
            var rows = new FilesLoad(engine, storage, user, command, table, readers, errors, () -> {}).run(files);
            record(new LoadHistory.Entry(
                    id, user, userId, engine.database(), table, command, files, begun, rows, errors, "", 0));
            engine.run("SET VARIABLE pg_last_copy_id = %d".formatted(id));
            engine.run("SET VARIABLE pg_last_copy_count = %d".formatted(rows));
            return notices(table, rows);
        } catch (LoadFailed e) {
            var reason = "Load into table '%s' failed.  Check 'stl_load_errors' system table for details."
                    .formatted(table.name());
            record(new LoadHistory.Entry(
                    id, user, userId, engine.database(), table, command, files, begun, 0, errors, reason, 0));
            throw SqlFailure.of(SqlState.INTERNAL_ERROR, reason);
        } catch (SqlFailure | SQLException e) {
            var reason =
                    e instanceof SQLException sql ? EngineErrors.report(sql).message() : String.valueOf(e.getMessage());
            record(new LoadHistory.Entry(
                    id, user, userId, engine.database(), table, command, files, begun, 0, errors, reason, 0));
            throw e;
        }
    }

    /** Rows may be committed by then, which a history that cannot be written does not change. */
    private void record(LoadHistory.Entry entry) {
        try {
            history.add(entry);
        } catch (SQLException e) {
            log.error("what COPY {} did is not kept", entry.id(), e);
        }
    }

    private S3Client s3() {
        return storage.s3(command.authorization(), command.region(), user);
    }

    private List<String> notices(TargetTable table, long rows) {
        var notices = new ArrayList<String>();
        if (!errors.isEmpty()) {
            notices.add(
                    "Load into table '%s' completed, %d record(s) could not be loaded.  Check 'stl_load_errors' system table for details."
                            .formatted(table.name(), errors.size()));
        }
        notices.add("Load into table '%s' completed, %d record(s) loaded successfully.".formatted(table.name(), rows));
        return notices;
    }
}
