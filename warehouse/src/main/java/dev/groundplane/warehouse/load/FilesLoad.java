package dev.groundplane.warehouse.load;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineErrors;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.CopyCommand;
import dev.groundplane.warehouse.sql.CopyFormat;
import dev.groundplane.warehouse.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings files of S3 into a table, all of them or none, in the way that suits them: within the session's transaction or one of its
 * own.
 *
 * @param user on whose behalf S3 is read
 * @param errors gets what is wrong with rows
 * @param alongside what happens in the same transaction, after the rows are in; it may be undone with them and happen again
 */
record FilesLoad(
        EngineSession engine,
        Storage storage,
        String user,
        CopyCommand command,
        TargetTable table,
        RecordReaders readers,
        List<LoadError> errors,
        EngineSession.Work alongside) {
    private static final Logger log = LoggerFactory.getLogger(FilesLoad.class);
    /** Reading the files again would end in the same way. */
    private static final Set<String> FINAL =
            Set.of(SqlState.QUERY_CANCELED, SqlState.OUT_OF_MEMORY, SqlState.DISK_FULL);

    /**
     * Loads them.
     *
     * @return how many rows
     * @throws LoadFailed when there are more bad rows than allowed
     */
    long run(List<SourceFile> files) throws SQLException {
        if (command.format() instanceof CopyFormat.Parquet) {
            return attempt(files, () -> new ParquetLoad(engine, command, table));
        }
        var explicit = engine.inTransaction();
        // In a transaction of the client's there is one attempt: when a statement fails, so does the transaction.
        if (DirectTextLoad.suits(command)
                && (!explicit || !DirectTextLoad.mayFailWithoutReason(command.conversion()))) {
            try {
                return attempt(files, () -> new DirectTextLoad(engine, command, table));
            } catch (SQLException e) {
                if (FINAL.contains(EngineErrors.report(e).sqlState())) {
                    throw e;
                }
                log.debug("files for table {} are looked at again", table.name(), e);
                if (explicit) {
                    attempt(files, () -> new CheckedLoad(engine, command, table, readers, errors, true));
                    throw e; // there is nothing wrong with the files: the engine has another reason
                }
            }
        }
        return attempt(files, () -> new CheckedLoad(engine, command, table, readers, errors, command.noLoad()));
    }

    /** Makes what loads, in the transaction in which it does. */
    @FunctionalInterface
    private interface Opening {
        FileLoad open();
    }

    private long attempt(List<SourceFile> files, Opening opening) throws SQLException {
        errors.clear();
        var rows = new long[1];
        engine.atomically(() -> {
            rows[0] = all(files, opening.open());
            alongside.run();
        });
        return command.noLoad() ? 0 : rows[0];
    }

    private long all(List<SourceFile> files, FileLoad load) throws SQLException {
        var rows = 0L;
        try (var area = storage.staging().open();
                var downloads = new Downloads(
                        engine.outside(() -> storage.s3(command.authorization(), command.region(), user)),
                        storage.staging(),
                        area,
                        command.compression(),
                        files)) {
            for (var batch = engine.outside(downloads::take);
                    !batch.isEmpty();
                    batch = engine.outside(downloads::take)) {
                rows += load.load(batch, area);
                downloads.remove(batch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }
}
