package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.replication.PendingChanges.Unfollowable;
import dev.groundplane.warehouse.replication.ReplicationState.Table;
import dev.groundplane.warehouse.replication.pgoutput.LogicalDecoder;
import dev.groundplane.warehouse.storage.Staging;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies one table as a moment of the source has it, and applies the changes that came after it, until whoever follows the source's
 * other tables takes over. Has a replication slot of its own for that long. Run once, by a thread of its own; the other methods are for
 * whoever follows.
 */
final class TableCopy implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(TableCopy.class);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final long IDLE_MILLIS = 2;
    /**
     * PostgreSQL's SQLSTATEs when all its slots or senders are taken, and when an earlier copy's slot has not gone yet with its
     * connection.
     */
    private static final Set<String> NO_SLOT = Set.of("53400", "53300", "42710");
    /** Those of a table, and of a column, that has another name since the snapshot. */
    private static final Set<String> RENAMED = Set.of("42P01", "42703");

    private static final Duration NEXT_TRY = Duration.ofSeconds(1);
    private static final Duration LOG_EACH = Duration.ofSeconds(10);

    private final Table former;
    private final Collection<Table> all;
    private final Sessions sessions;
    private final Source source;
    private final Staging staging;
    private final Activity activity;
    private final Runnable changed;
    private final Object monitor = new Object();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile long rows;
    private long loggedAt = System.nanoTime();
    private volatile @Nullable SourceTable found;
    private volatile boolean idle;
    // Guarded by the monitor.
    private final List<Connection> connections = new ArrayList<>();
    private @Nullable Extent extent;
    /** The thread that runs it now, which runs others before and afterwards. */
    private @Nullable Thread runner;

    private boolean begun;
    private boolean cancelled;
    private @Nullable Outcome outcome;
    private long reached = -1;
    private boolean taken;

    /**
     * @param former the table as it is here
     * @param all tables that are known
     * @param sessions of the engine
     * @param activity told of what is done
     * @param changed told that there may be an outcome
     */
    TableCopy(
            Table former,
            Collection<Table> all,
            Sessions sessions,
            Source source,
            Staging staging,
            Activity activity,
            Runnable changed) {
        this.former = former;
        this.all = all;
        this.sessions = sessions;
        this.source = source;
        this.staging = staging;
        this.activity = activity;
        this.changed = changed;
    }

    /** How much was copied, from when on. */
    record Extent(long rows, long bytes, Instant begun) {}

    /** What came of it. */
    sealed interface Outcome {
        /** All changes of transactions that end before a position are here. */
        record Copied(SourceTable table, long position, Extent extent) implements Outcome {}

        /** It cannot be followed. */
        record Failed(SourceTable table, String reason) implements Outcome {}

        /** There is no such table any more. */
        record Gone() implements Outcome {}

        /** It was altered meanwhile and has to be copied once more. */
        record Again() implements Outcome {}

        /** Something else went wrong. */
        record Broken(Exception cause) implements Outcome {}
    }

    /** Whether it is of a table that news concerns. */
    boolean isConcerned(TableNews news) {
        var copied = found;
        return news.concerns(former.source()) || (copied != null && news.concerns(copied));
    }

    /** The table as its rows were copied; empty when they are not all here. */
    Optional<SourceTable> copied() {
        return Optional.ofNullable(found);
    }

    /** Whether it is under way, and not only waits for others. */
    boolean hasBegun() {
        synchronized (monitor) {
            return begun;
        }
    }

    /** How many rows were copied so far. */
    long rows() {
        return rows;
    }

    /**
     * What came of it, if whoever has applied all up to a position can take over now. It then does nothing any more.
     *
     * @return null when it goes on
     */
    @Nullable
    Outcome outcome(long position) throws InterruptedException {
        synchronized (monitor) {
            var end = System.nanoTime() + LONGEST_WAIT.toNanos();
            // It is as far as the source has sent changes, so what it lacks comes at once.
            while (outcome == null && idle && reached < position && System.nanoTime() < end) {
                monitor.wait(IDLE_MILLIS);
            }
            var copied = found;
            var extent = this.extent;
            if (outcome == null && copied != null && extent != null && reached >= position) {
                taken = true;
                outcome = new Outcome.Copied(copied, reached, extent);
            }
            return outcome;
        }
    }

    private void end(Outcome what) {
        synchronized (monitor) {
            if (!taken) {
                outcome = what;
                taken = true;
            }
            monitor.notifyAll();
        }
        changed.run();
    }

    /** Waits until it does nothing any more; it was cancelled. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Ends it as soon as possible, also before it has begun. */
    void cancel() {
        synchronized (monitor) {
            cancelled = true;
            if (!begun) {
                ended.countDown();
            } else if (runner != null) {
                runner.interrupt();
            }
            for (var connection : connections) { // what waits for the source does not wait for an interrupt
                try {
                    connection.abort(Runnable::run);
                } catch (SQLException e) {
                    log.debug("the connection to the source does not close", e);
                }
            }
        }
    }

    /** The connection, which goes when this is cancelled. */
    private Connection cancellable(Connection connection) throws SQLException, InterruptedException {
        synchronized (monitor) {
            if (cancelled) {
                connection.close();
                throw new InterruptedException();
            }
            connections.add(connection);
            return connection;
        }
    }

    @Override
    public void run() {
        synchronized (monitor) {
            if (cancelled) {
                return;
            }
            begun = true;
            runner = Thread.currentThread();
        }
        try (var engine = sessions.open()) {
            while (true) {
                try {
                    copy(engine);
                    return;
                } catch (PSQLException e) {
                    if (RENAMED.contains(e.getSQLState())) {
                        log.info("{} has other names by now, and is looked for again", name(former.source()));
                        end(new Outcome.Again());
                        return;
                    }
                    if (!NO_SLOT.contains(e.getSQLState())) {
                        throw e;
                    }
                    log.warn("{} gives no replication slot for a copy now: {}", source, e.getMessage());
                    Thread.sleep(NEXT_TRY);
                }
            }
        } catch (TableCatchUp.Altered e) {
            log.info("{} was altered while it was copied, and is copied once more", name(former.source()));
            end(new Outcome.Again());
        } catch (InterruptedException e) {
            end(new Outcome.Again()); // nobody asks for it if it was cancelled
        } catch (SQLException | IOException | RuntimeException e) { // the outermost loop of the thread
            end(new Outcome.Broken(e));
        } finally {
            synchronized (monitor) {
                runner = null;
                connections.clear();
                Thread.interrupted(); // was for this copy, and not for the thread's next one
            }
            ended.countDown();
        }
    }

    private void copy(EngineSession engine)
            throws SQLException, IOException, InterruptedException, TableCatchUp.Altered {
        try (var replication = cancellable(source.replicate())) {
            var slot = replication
                    .unwrap(PGConnection.class)
                    .getReplicationAPI()
                    .createReplicationSlot()
                    .logical()
                    .withSlotName(source.name() + "_"
                            + Integer.toUnsignedString(former.source().id()))
                    .withOutputPlugin("pgoutput")
                    .withTemporaryOption()
                    .make();
            var position = slot.getConsistentPoint().asLong();
            var table = copy(engine, Objects.requireNonNull(slot.getSnapshotName()), position);
            if (table != null) {
                catchUp(engine, replication, slot.getSlotName(), table, position);
            }
        } finally {
            synchronized (monitor) {
                connections.clear();
            }
            if (engine.inTransaction()) {
                engine.end(false);
            }
        }
    }

    /** The table as it was copied and is to be followed; null when that is not so. */
    private @Nullable SourceTable copy(EngineSession engine, String snapshot, long position)
            throws SQLException, IOException, InterruptedException {
        try (var connection = cancellable(source.connectForLong())) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try (var statement = connection.createStatement()) {
                statement.execute("SET TRANSACTION SNAPSHOT '" + snapshot + "'");
            }
            var catalog = source.catalog(connection);
            var table =
                    catalog.table(source.publication(), former.source().id()).orElse(null);
            if (table == null) {
                end(new Outcome.Gone());
                return null;
            }
            var hindrance = Followable.hindrance(table, all);
            if (hindrance.isEmpty() && source.publication().owners()) {
                hindrance = catalog.withheld(table, source.publication());
            }
            if (hindrance.isPresent()) {
                end(new Outcome.Failed(table, hindrance.get()));
                return null;
            }
            try {
                var copied = copyRows(engine, connection, table);
                synchronized (monitor) {
                    extent = copied;
                    found = table;
                    reached = position;
                }
                return table;
            } catch (PSQLException e) {
                throw e; // the source is away
            } catch (SQLException e) {
                fail(table, e);
                return null;
            }
        }
    }

    private void fail(SourceTable table, SQLException e) throws SQLException {
        var reason = BadValue.reason(e).orElseThrow(() -> e);
        log.warn("{} cannot be followed", name(table), e);
        end(new Outcome.Failed(table, reason));
    }

    private Extent copyRows(EngineSession engine, Connection connection, SourceTable table)
            throws SQLException, IOException, InterruptedException {
        synchronized (sessions) { // in long transactions of their own, copies would be in each other's way
            new TableAlteration(engine).createSchema(table);
        }
        engine.begin();
        var copied = false;
        try {
            var begun = Instant.now();
            if (!former.source().isNamedAs(table)) {
                new TableAlteration(engine).drop(former.source(), all);
            }
            rows = 0;
            var load =
                    new InitialLoad(engine, rowsOf -> PostgresRows.open(connection, rowsOf), staging, this::progressed);
            var total = load.copy(table);
            engine.redefine();
            copied = true;
            log.info(
                    "{} rows of {} copied in {} ms",
                    total,
                    name(table),
                    Duration.between(begun, Instant.now()).toMillis());
            return new Extent(total, load.bytes(), begun);
        } finally {
            engine.end(copied);
        }
    }

    private void progressed(long copied) {
        rows = copied;
        activity.happened();
        if (System.nanoTime() - loggedAt >= LOG_EACH.toNanos()) {
            loggedAt = System.nanoTime();
            log.info("{} rows of {} copied so far", copied, name(former.source()));
        }
    }

    private static String name(SourceTable table) {
        return table.schema() + "." + table.name();
    }

    private void catchUp(EngineSession engine, Connection replication, String slot, SourceTable table, long position)
            throws SQLException, InterruptedException, TableCatchUp.Altered {
        changed.run();
        var catchUp = new TableCatchUp(engine, table, position);
        var heartbeat = new Heartbeat(source.patience());
        try (var stream = source.stream(replication, slot, position)) {
            while (true) {
                heartbeat.beat(stream);
                var message = stream.readPending();
                idle &= message == null;
                if (message != null && !LogicalDecoder.isRowOfAnother(message, table.id())) {
                    var bytes = message.remaining();
                    catchUp.take(LogicalDecoder.decode(message), bytes);
                }
                if (catchUp.isBetweenTransactions() && (message == null || catchUp.isFull())) {
                    if (!advance(catchUp, stream, message == null)) {
                        return;
                    }
                }
                if (message == null) {
                    TimeUnit.MILLISECONDS.sleep(IDLE_MILLIS);
                }
            }
        } catch (Unfollowable e) {
            log.warn("{} cannot be followed", name(table), e);
            end(new Outcome.Failed(table, String.valueOf(e.getMessage())));
        }
    }

    /** Commits, unless somebody has taken over. */
    private boolean advance(TableCatchUp catchUp, PGReplicationStream stream, boolean nothingPending)
            throws SQLException, Unfollowable {
        synchronized (monitor) {
            if (taken) {
                return false;
            }
            reached = catchUp.commit();
            if (nothingPending) {
                reached = Math.max(reached, stream.getLastReceiveLSN().asLong());
            }
            idle = nothingPending;
            monitor.notifyAll();
        }
        stream.setAppliedLSN(LogSequenceNumber.valueOf(reached));
        stream.setFlushedLSN(LogSequenceNumber.valueOf(reached));
        if (nothingPending) {
            changed.run();
        }
        return true;
    }
}
