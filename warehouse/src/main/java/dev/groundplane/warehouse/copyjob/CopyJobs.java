package dev.groundplane.warehouse.copyjob;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.access.Directory;
import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.SystemSource;
import dev.groundplane.warehouse.gateway.Gateway;
import dev.groundplane.warehouse.history.History;
import dev.groundplane.warehouse.load.JobLoad;
import dev.groundplane.warehouse.load.LoadHistory;
import dev.groundplane.warehouse.sql.Authorization;
import dev.groundplane.warehouse.sql.CopyJobCommand;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.storage.Storage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The copy jobs of all databases of the namespace. Thread-safe. */
public final class CopyJobs implements AutoCloseable {
    private final Engine engine;
    private final Round.Tools tools;
    private final JobRuns runs;

    /**
     * @param gateway the control plane
     * @param loads what COPY did
     * @param history what statements do
     */
    public CopyJobs(
            Engine engine, Gateway gateway, Directory directory, Storage storage, LoadHistory loads, History history) {
        this.engine = engine;
        var pending = new PendingFiles();
        engine.provide(SystemSource.PENDING_FILES, pending::text);
        var own =
                new Storage(new RememberedRoles(gateway), storage.connections(), storage.staging(), storage.uploads());
        this.tools = new Round.Tools(directory, own, loads, history, pending);
        this.runs = new JobRuns(engine, gateway, tools);
    }

    /** The control plane is there, perhaps again: it is told of all jobs, and they look at what has landed meanwhile. */
    public void connected() {
        runs.connected();
    }

    /** Files have landed. */
    public void look() {
        runs.look();
    }

    /** Loads nothing more, because a usage limit is reached; or goes on. */
    public void suspend(boolean suspends) {
        runs.suspend(suspends);
    }

    /** A database is no more. */
    public void dropped(String database) throws SQLException {
        runs.dropped(database);
    }

    /**
     * Makes a job, outside of any transaction.
     *
     * @param id never another job's
     * @param user whose job it is, and that user's id
     * @throws SqlFailure when there is one of that name, no such table, or the role cannot list the prefix
     */
    public void create(EngineSession session, long id, String user, int userId, CopyJobCommand.Create create)
            throws SQLException {
        var role = (Authorization.Role) create.copy().authorization();
        var job = new CopyJob(
                id,
                session.database(),
                create.name(),
                userId,
                String.join(",", role.chain()),
                JobLoad.table(session, create.copy()),
                create.copy().source(),
                create.text(),
                create.auto());
        requireFree(session, create.name());
        if (job.auto()) {
            runs.watch(job); // before it looks at what is there, so that nothing lands unseen in between
        }
        var made = false;
        try (var own = engine.session(session.database());
                var landing = new Landing(own, Set.of())) {
            session.outside(() -> {
                landing.list(tools.storage(), create.copy(), user);
                return true;
            });
            synchronized (this) {
                requireFree(session, create.name());
                new Ledger(own).add(job, landing);
            }
            made = true;
        } finally {
            if (!made && job.auto()) {
                runs.watch(null);
            }
        }
        if (job.auto()) {
            runs.watch(null); // another statement may have told the control plane of all jobs but this
            begin(job);
        }
    }

    /** The control plane gives a job that it did not know to whoever looks, until somebody has looked at all of it. */
    private void begin(CopyJob job) {
        runs.turns(job.key()).list();
        runs.look();
    }

    private static void requireFree(EngineSession session, String name) throws SQLException {
        if (new Ledger(session).find(name).isPresent()) {
            throw SqlFailure.of(SqlState.DUPLICATE_OBJECT, "copy job \"%s\" already exists".formatted(name));
        }
    }

    /** Whose job one is. */
    public int owner(EngineSession session, String name) throws SQLException {
        return require(session, name).owner();
    }

    private static CopyJob require(EngineSession session, String name) throws SQLException {
        return new Ledger(session)
                .find(name)
                .orElseThrow(() ->
                        SqlFailure.of(SqlState.UNDEFINED_OBJECT, "copy job \"%s\" does not exist".formatted(name)));
    }

    /** Has a job load by itself, or not. */
    public void alter(EngineSession session, CopyJobCommand.Alter alter) throws SQLException {
        var job = require(session, alter.name());
        runs.order(session, job, own -> {
            new Ledger(own).alter(job.id(), alter.auto());
            return true;
        });
        runs.watch(null);
        if (alter.auto()) {
            begin(job);
        }
    }

    /** Forgets a job and which files it knows. */
    public void drop(EngineSession session, CopyJobCommand.Drop drop) throws SQLException {
        var job = require(session, drop.name());
        runs.order(session, job, own -> {
            new Ledger(own).remove(job.id());
            return true;
        });
        runs.forget(job.key());
        if (job.auto()) {
            runs.watch(null);
        }
    }

    /**
     * Has a job load what has landed, also what it could not load before, and waits for it. A job goes on when its client does not.
     *
     * @return what the client is told
     */
    public List<String> run(EngineSession session, CopyJobCommand.Run run) throws SQLException {
        var job = require(session, run.name());
        var putOff = runs.turns(job.key()).putOff();
        var outcome = runs.order(
                session,
                job,
                own -> new Round(own, job, tools, putOff)
                        .run(new Round.Wish(List.of(), true, true), runs::isSuspended));
        runs.goOn(job.key());
        if (!outcome.whole()) {
            throw SqlFailure.of(
                    SqlState.CONFIGURATION_LIMIT_EXCEEDED,
                    "copy job \"%s\" stopped after %d record(s): the workgroup has reached its usage limit"
                            .formatted(job.name(), outcome.rows()));
        }
        var notices = new ArrayList<String>();
        if (outcome.bad() > 0) {
            notices.add(
                    "Copy job '%s': %d file(s) could not be loaded.  Check 'sys_copy_job_detail' and 'stl_load_errors' for details."
                            .formatted(job.name(), outcome.bad()));
        }
        notices.add("Load into table '%s' completed, %d record(s) loaded successfully."
                .formatted(job.table().getLast(), outcome.rows()));
        return notices;
    }

    @Override
    public void close() {
        runs.close();
    }
}
