package dev.groundplane.warehouse.copyjob;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.access.Access;
import dev.groundplane.warehouse.access.Directory;
import dev.groundplane.warehouse.access.Principals;
import dev.groundplane.warehouse.engine.EngineErrors;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.history.Caller;
import dev.groundplane.warehouse.history.History;
import dev.groundplane.warehouse.history.RunningStatement.Status;
import dev.groundplane.warehouse.load.BadFiles;
import dev.groundplane.warehouse.load.JobLoad;
import dev.groundplane.warehouse.load.LoadHistory;
import dev.groundplane.warehouse.sql.Privilege;
import dev.groundplane.warehouse.sql.QueryType;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.storage.S3Failures;
import dev.groundplane.warehouse.storage.Storage;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * A job loads once what has landed for it: many files in one transaction; when that fails, halves of them, down to the file that is
 * bad. For one thread.
 */
final class Round {
    private static final int BATCH_FILES = 1000;
    private static final long BATCH_BYTES = 256L << 20;
    /** After so many refusals of S3 one after the other it is not about single files. */
    private static final int REFUSALS = 10;

    private final EngineSession engine;
    private final Ledger ledger;
    private final CopyJob job;
    private final Tools tools;
    private final Set<String> putOff;
    private final Instant begun = Instant.now();
    private long rows;
    private int bad;
    private int refusals;

    /** What rounds work with. */
    record Tools(Directory directory, Storage storage, LoadHistory loads, History history, PendingFiles pending) {}

    /**
     * @param engine a session in the job's database
     * @param putOff keys of files that S3 has refused, which are tried last; it is brought up to date
     */
    Round(EngineSession engine, CopyJob job, Tools tools, Set<String> putOff) {
        this.engine = engine;
        this.ledger = new Ledger(engine);
        this.job = job;
        this.tools = tools;
        this.putOff = putOff;
    }

    /** What is asked of a round: files that are known to have landed, or to list all; and to try again what had failed. */
    record Wish(List<LandedFile> landed, boolean lists, boolean retries) {}

    /**
     * What a round did.
     *
     * @param rows that were loaded
     * @param bad files that cannot be loaded
     * @param whole whether it came to the end of its files
     */
    record Outcome(long rows, int bad, boolean whole) {}

    /**
     * Loads.
     *
     * @param ends asked between two transactions: whether to leave the rest to another round
     * @throws SqlFailure when the job as a whole cannot go on, as {@code SQLException}; what is loaded by then stays
     */
    Outcome run(Wish wish, BooleanSupplier ends) throws SQLException {
        var owner = owner();
        var command = job.command();
        new Access(engine, tools.directory(), owner.id()).requirePrivilege(Privilege.INSERT, command.table());
        engine.searchPath(List.of("public"));
        var load = new JobLoad(engine, tools.storage(), tools.loads(), owner.name(), owner.id(), job.id(), command);
        try (var landing = new Landing(engine, Set.copyOf(putOff))) {
            if (wish.lists()) {
                landing.list(tools.storage(), command, owner.name());
                putOff.clear(); // of what is there still, S3 may refuse some again
            } else {
                landing.add(wish.landed());
            }
            try (var fresh = ledger.fresh(job, landing, wish.retries())) {
                var whole = load(fresh, load, owner, ends);
                return new Outcome(rows, bad, whole);
            }
        } finally {
            tools.pending().clear(job.key());
        }
    }

    private Principals.User owner() throws SQLException {
        return tools.directory()
                .refresh()
                .user(job.owner())
                .orElseThrow(() -> SqlFailure.of(
                        SqlState.UNDEFINED_OBJECT,
                        "the owner of copy job \"%s\", user %d, does not exist any more"
                                .formatted(job.name(), job.owner())));
    }

    private boolean load(Fresh fresh, JobLoad load, Principals.User owner, BooleanSupplier ends) throws SQLException {
        var next = 0;
        tools.pending().set(job.key(), fresh.some(0, PendingFiles.MOST), begun);
        for (var batch = fresh.some(0, BATCH_FILES); !batch.isEmpty(); batch = fresh.some(next, BATCH_FILES)) {
            if (ends.getAsBoolean()) {
                return false;
            }
            var some = upToSize(batch);
            load(some, load, owner);
            next += some.size();
            tools.pending().done(job.key(), some.size());
        }
        return true;
    }

    private static List<FreshFile> upToSize(List<FreshFile> files) {
        var bytes = 0L;
        var count = 0;
        while (count < files.size()
                && (count == 0 || bytes + files.get(count).file().bytes() <= BATCH_BYTES)) {
            bytes += files.get(count).file().bytes();
            count++;
        }
        return files.subList(0, count);
    }

    private void load(List<FreshFile> files, JobLoad load, Principals.User owner) throws SQLException {
        try {
            commit(files, load, owner);
            refusals = 0;
            files.forEach(one -> putOff.remove(one.file().key()));
        } catch (BadFiles e) {
            if (files.size() > 1) {
                var culprit = files.stream()
                        .filter(one -> one.file().key().equals(e.key()))
                        .toList();
                if (!culprit.isEmpty()) {
                    load(culprit, load, owner);
                }
                halves(files.stream().filter(one -> !culprit.contains(one)).toList(), load, owner);
                return;
            }
            bad++;
            ledger.put(job, files, begun, Ledger.State.ERROR);
            tell("file %s is not loaded: %s".formatted(files.getFirst().file().key(), e.getMessage()));
        } catch (SqlFailure e) {
            if (!isOfSomeFile(e)) {
                throw e;
            }
            if (files.size() > 1) {
                halves(files, load, owner);
                return;
            }
            putOff.add(files.getFirst().file().key());
            tell(String.valueOf(e.getMessage()));
            if (++refusals == REFUSALS) {
                throw e;
            }
        }
    }

    private void halves(List<FreshFile> files, JobLoad load, Principals.User owner) throws SQLException {
        var middle = files.size() / 2;
        if (middle > 0) {
            load(files.subList(0, middle), load, owner);
        }
        load(files.subList(middle, files.size()), load, owner);
    }

    /** Whether other files may go where these do not. */
    private static boolean isOfSomeFile(SqlFailure failure) {
        return S3Failures.isRefusal(failure) || failure.report().sqlState().equals(SqlState.DISK_FULL);
    }

    private void tell(String message) throws SQLException {
        ledger.message(job, message, Instant.now());
    }

    private void commit(List<FreshFile> files, JobLoad load, Principals.User owner) throws SQLException, BadFiles {
        var caller = new Caller(owner.id(), owner.name(), 0, engine.database());
        var statement = tools.history().begin(caller, "", 0, QueryType.COPY, job.text());
        statement.planned();
        try {
            var wanted = files.stream()
                    .map(one -> new JobLoad.File(one.file().key(), one.file().bytes()))
                    .toList();
            rows += load.load(statement.id(), wanted, () -> ledger.put(job, files, begun, Ledger.State.INGESTED));
            statement.ended(Status.SUCCESS, null, 0, 0);
        } catch (BadFiles | SqlFailure e) {
            statement.ended(Status.FAILED, e.getMessage(), 0, 0);
            throw e;
        } catch (SQLException e) {
            statement.ended(Status.FAILED, EngineErrors.report(e).message(), 0, 0);
            throw e;
        } catch (RuntimeException e) {
            statement.ended(Status.FAILED, e.toString(), 0, 0);
            throw e;
        }
    }
}
