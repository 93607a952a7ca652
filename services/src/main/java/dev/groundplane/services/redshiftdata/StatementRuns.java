package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.redshiftdata.ResultPages.Place;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.redshiftdata.model.DescribeStatementResponse;
import software.amazon.awssdk.services.redshiftdata.model.StatusString;
import software.amazon.awssdk.services.redshiftdata.model.SubStatementData;

/**
 * Runs what was submitted, each statement once: whoever picks it notes that before it connects, and what a process had picked that
 * is gone has failed. Thread-safe.
 *
 * <pre>
 *            picked        connected        through
 *  SUBMITTED ------> PICKED -------> STARTED ------> FINISHED
 *      |                |               |
 *      +----------------+---------------+----> FAILED, or ABORTED when its owner cancelled it
 * </pre>
 */
final class StatementRuns implements AutoCloseable {
    /** Whose end is unknown: it may have taken effect. */
    static final String LOST =
            "The control plane ended while the statement was running. What it did was rolled back, unless it"
                    + " had just committed. It is not run again.";

    static final String SESSION_ENDED = "The session has ended: with the control plane, or because it was not used.";

    private static final Logger LOG = LoggerFactory.getLogger(StatementRuns.class);

    private final StatementStore store;
    private final ResultPages pages;
    private final ResultWriter results;
    private final SessionConnections sessions;
    private final Passwords passwords;
    private final InstantSource clock;
    private final Map<Key, Running> running = new ConcurrentHashMap<>();
    private final Reconciler<Key> runs = new Reconciler<>("redshift-data", this::step);
    private final Reconciler<Key> cancels = new Reconciler<>("redshift-data-cancels", this::cancelIfWanted);

    private record Key(Scope scope, String id) {}

    StatementRuns(
            StatementStore store,
            ResultPages pages,
            ResultWriter results,
            SessionConnections sessions,
            Passwords passwords,
            InstantSource clock) {
        this.store = store;
        this.pages = pages;
        this.results = results;
        this.sessions = sessions;
        this.passwords = passwords;
        this.clock = clock;
    }

    /** Begins with what an earlier process left. */
    void start(Events events) {
        events.subscribe(StatementStore.STATEMENT, change -> {
            Key key = new Key(change.scope(), change.name());
            runs.enqueue(key);
            cancels.enqueue(key);
        });
        Set<String> alive = store.database().replicas().alive();
        for (Stored<DescribeStatementResponse> stored : store.statements().all()) {
            if (!StatementStore.hasEnded(stored.value())) {
                resume(stored, alive);
            }
        }
        for (Stored<String> session : store.sessions().all()) {
            if (!isBusy(session.scope(), session.name())) {
                sessions.forget(session.scope(), session.name());
            }
        }
    }

    private void resume(Stored<DescribeStatementResponse> stored, Set<String> alive) {
        String runner = stored.extra().get(StatementStore.RUNNER);
        if (runner == null) {
            runs.enqueue(new Key(stored.scope(), stored.name()));
        } else if (!alive.contains(runner)) {
            end(stored, Ending.bad(StatusString.FAILED, LOST), 0);
        }
    }

    private boolean isBusy(Scope scope, String session) {
        return !store.statements()
                .namesByIndex(scope, StatementStore.IN_SESSION, session)
                .isEmpty();
    }

    private void cancelIfWanted(Key key) {
        Running found = running.get(key);
        if (found != null
                && store.statements()
                        .find(key.scope(), key.id())
                        .filter(stored -> stored.extra().containsKey(StatementStore.CANCELLED))
                        .isPresent()) {
            found.cancel();
        }
    }

    private void step(Key key) {
        Optional<Stored<DescribeStatementResponse>> picked = pick(key);
        if (picked.isEmpty()) {
            return;
        }
        Running now = new Running();
        running.put(key, now);
        cancels.enqueue(key); // it may have been wanted before there was something to cancel
        try {
            run(picked.get(), now);
        } finally {
            now.end();
            running.remove(key);
        }
    }

    private Optional<Stored<DescribeStatementResponse>> pick(Key key) {
        return store.database().write(tx -> {
            var found = store.statements().find(tx, key.scope(), key.id());
            if (found.isEmpty() || found.get().value().status() != StatusString.SUBMITTED) {
                return Optional.empty();
            }
            Stored<DescribeStatementResponse> picked = found.get()
                    .with(touched(found.get().value())
                            .status(StatusString.PICKED)
                            .build())
                    .withExtra(
                            StatementStore.RUNNER, store.database().replicas().self());
            return Optional.of(store.statements().update(tx, picked));
        });
    }

    private DescribeStatementResponse.Builder touched(DescribeStatementResponse value) {
        return value.toBuilder().updatedAt(clock.instant());
    }

    private void run(Stored<DescribeStatementResponse> picked, Running now) {
        long begun = System.nanoTime();
        Optional<Connection> connection = Optional.empty();
        Ending ending;
        try {
            connection = Optional.of(connection(picked));
            started(picked, connection.get());
            StatementRun.Outcome outcome = execute(picked, new StatementRun(connection.get(), results, now));
            ending = new Ending(StatusString.FINISHED, outcome, null);
        } catch (SQLException e) {
            boolean cancelled =
                    now.isCancelled() && (connection.isEmpty() || Running.CANCELLED.equals(e.getSQLState()));
            ending = Ending.bad(cancelled ? StatusString.ABORTED : StatusString.FAILED, e.getMessage());
        } catch (RuntimeException | Error e) { // the outermost loop of a statement: it must not stay as if it ran
            LOG.error("statement {} cannot be run", picked.name(), e);
            ending = Ending.bad(StatusString.FAILED, "The statement cannot be run: " + e);
        }
        long nanos = System.nanoTime() - begun;
        // Before the end is known: then the session's next statement may come at once.
        leave(picked, connection);
        end(picked, ending, nanos);
    }

    /** @param outcome of what finished; zeros for all else */
    private record Ending(
            StatusString status,
            StatementRun.Outcome outcome,
            @Nullable String error) {
        static Ending bad(StatusString status, @Nullable String error) {
            return new Ending(status, new StatementRun.Outcome(0, 0, false), String.valueOf(error));
        }
    }

    private Connection connection(Stored<DescribeStatementResponse> picked) throws SQLException {
        Map<String, String> extra = picked.extra();
        String session = picked.value().sessionId();
        if (session != null && !extra.containsKey(StatementStore.BEGINS_SESSION)) {
            return sessions.take(session).orElseThrow(() -> new SQLException(SESSION_ENDED));
        }
        return WarehouseConnection.open(new Target(
                Site.of(picked.value()),
                extra.getOrDefault(StatementStore.HOST, ""),
                Integer.parseInt(extra.getOrDefault(StatementStore.PORT, "0")),
                picked.value().database(),
                picked.value().dbUser(),
                passwords.open(picked.name(), extra.getOrDefault(StatementStore.PASSWORD, ""))));
    }

    private void started(Stored<DescribeStatementResponse> picked, Connection connection) throws SQLException {
        long pid = WarehouseConnection.pid(connection);
        store.change(
                picked.scope(),
                picked.name(),
                stored -> stored.with(touched(stored.value())
                        .status(StatusString.STARTED)
                        .redshiftPid(pid)
                        .build()));
    }

    private StatementRun.Outcome execute(Stored<DescribeStatementResponse> picked, StatementRun run)
            throws SQLException {
        DescribeStatementResponse value = picked.value();
        if (!picked.extra().containsKey(StatementStore.BATCH)) {
            Place place = new Place(value.id(), 0);
            return run.single(place, value.queryString(), value.queryParameters(), value.resultFormat());
        }
        List<String> sqls = value.subStatements().stream()
                .map(SubStatementData::queryString)
                .toList();
        SubStatements parts = new SubStatements(store, picked.scope(), picked.name(), clock);
        try {
            run.batch(value.id(), sqls, value.resultFormat(), parts);
        } catch (SQLException e) {
            throw parts.failed(e);
        }
        return new StatementRun.Outcome(-1, -1, parts.haveResultSet());
    }

    private void end(Stored<DescribeStatementResponse> picked, Ending ending, long nanos) {
        boolean finished = ending.status() == StatusString.FINISHED;
        if (!finished) {
            pages.remove(picked.name());
        }
        store.change(picked.scope(), picked.name(), stored -> {
            DescribeStatementResponse.Builder end = touched(stored.value())
                    .status(ending.status())
                    .duration(nanos)
                    .error(ending.error())
                    .resultRows(ending.outcome().rows())
                    .resultSize(ending.outcome().bytes())
                    .hasResultSet(ending.outcome().hasResultSet());
            if (!finished) {
                end.subStatements(SubStatements.undone(stored.value().subStatements(), clock.instant()));
            }
            return StatementStore.ended(stored, end.build());
        });
    }

    /** The connection goes on in its session, or ends. */
    private void leave(Stored<DescribeStatementResponse> picked, Optional<Connection> connection) {
        String session = picked.value().sessionId();
        Optional<Stored<String>> known =
                session == null ? Optional.empty() : store.sessions().find(picked.scope(), session);
        if (known.isEmpty() || connection.isEmpty() || isBroken(connection.get())) {
            connection.ifPresent(SessionConnections::close);
            known.ifPresent(gone -> sessions.forget(gone.scope(), gone.name()));
        } else {
            sessions.keep(known.get(), connection.get());
        }
    }

    private static boolean isBroken(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    @Override
    public void close() {
        runs.close();
        cancels.close();
        sessions.close();
    }
}
