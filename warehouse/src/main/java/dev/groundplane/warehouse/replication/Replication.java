package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineErrors;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.replication.PendingChanges.Unfollowable;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.storage.Staging;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has one database follow its source until it is closed, however often the source is away. */
final class Replication implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Replication.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    private static final long IDLE_MILLIS = 2;
    private static final long LONGEST_BEHIND_BYTES = 16L << 20;
    /** Without event triggers nothing tells of a table that is altered and not written to. */
    private static final long COMPARISON_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final EngineSession engine;
    private final Sessions sessions;
    private final String integration;
    private final Supplier<? extends FollowedSource> sources;
    private final Staging staging;
    private final Activity activity;
    private final ReplicationState state;
    private final Queue<Integer> toCopyAgain = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable FollowedSource given;
    /** Whether the source is another by now. */
    private volatile boolean outdated;

    private volatile @Nullable Connection streaming;
    private volatile @Nullable BinlogReplication binlog;
    /** Whether something was applied since it was last interrupted. */
    private boolean progressed;
    /** Whether the database has to be opened again. */
    private boolean unusable;

    private Replication(
            Sessions sessions,
            String integration,
            Supplier<? extends FollowedSource> sources,
            Staging staging,
            Activity activity)
            throws SQLException {
        this.engine = sessions.open();
        this.sessions = sessions;
        this.integration = integration;
        this.sources = sources;
        this.staging = staging;
        this.activity = activity;
        this.state = new ReplicationState(engine);
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("replication " + engine.database())
                .unstarted(this::run);
    }

    /**
     * Begins to follow.
     *
     * @param sessions in the database
     * @param integration that the database belongs to
     * @param sources how to connect to the source, asked each time
     * @param activity told of what is done
     */
    static Replication start(
            Sessions sessions,
            String integration,
            Supplier<? extends FollowedSource> sources,
            Staging staging,
            Activity activity)
            throws SQLException {
        var replication = new Replication(sessions, integration, sources, staging, activity);
        replication.state.make(integration);
        replication.thread.start();
        return replication;
    }

    /** The integration that the database belongs to. */
    String integration() {
        return integration;
    }

    /** Has rows of tables copied again, soon. */
    void refresh(List<Integer> tables) {
        toCopyAgain.addAll(tables);
    }

    /** Follows the source as it is now, if it is another than it was; waits until that is known. */
    void look() {
        var pause = FIRST_PAUSE_MILLIS;
        while (closed.getCount() > 0) {
            try {
                var now = sources.get();
                var before = given;
                if (before == null || !before.isSameAs(now)) {
                    outdated = true;
                }
                activity.asked();
                return;
            } catch (SqlFailure e) {
                log.debug("{} stays with its source for now", engine.database(), e);
                pause = pause(pause);
            }
        }
    }

    private boolean goesOn() {
        return closed.getCount() > 0 && !outdated;
    }

    private void run() {
        var pause = FIRST_PAUSE_MILLIS;
        while (closed.getCount() > 0) {
            try {
                if (unusable) {
                    engine.databases().reopen(engine.database());
                    unusable = false;
                    log.info("{} was opened again, and can be written", engine.database());
                }
                outdated = false;
                var asked = sources.get();
                given = asked;
                switch (asked) {
                    case Source postgres -> followPostgres(postgres);
                    case BinlogSource logging -> followBinlog(logging);
                }
            } catch (SQLException | IOException | RuntimeException e) { // the outermost loop of the thread
                if (closed.getCount() > 0) {
                    log.warn("{} does not follow its source now", engine.database(), e);
                }
                unusable |= EngineErrors.isUnusable(e);
                if (progressed) {
                    pause = FIRST_PAUSE_MILLIS;
                    progressed = false;
                }
            } catch (InterruptedException e) {
                return;
            }
            pause = outdated ? FIRST_PAUSE_MILLIS : pause(pause);
        }
    }

    private void followPostgres(Source asked) throws SQLException, IOException, InterruptedException {
        var source = prepare(asked);
        try (var copies = new TableCopies(sessions, source, staging, activity)) {
            while (goesOn()) {
                follow(source, copies);
            }
        }
    }

    private void followBinlog(BinlogSource source) throws SQLException, IOException, InterruptedException {
        var following = new BinlogReplication(engine, sessions, state, staging, activity, toCopyAgain, this::goesOn);
        binlog = following;
        try {
            following.follow(source);
        } finally {
            progressed |= following.hasProgressed();
            binlog = null;
        }
    }

    private long pause(long millis) {
        try {
            closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Math.min(2 * millis, LONGEST_PAUSE_MILLIS);
    }

    /** The slot is there and has all that is not here yet; or else everything is copied again. */
    private Source prepare(Source given) throws SQLException, InterruptedException {
        var followed = state.followed();
        state.sourceDatabase(given.database());
        try (var connection = given.connect()) {
            var catalog = given.catalog(connection);
            var source = given.with(catalog.setUp(given.name()));
            var identity = catalog.identity();
            var slot = catalog.slot(source.name());
            if (slot == null
                    || slot.lost()
                    || !followed.source().equals(identity)
                    || slot.confirmed() > followed.position()) {
                if (!followed.source().isEmpty()) {
                    log.warn(
                            "{} copies all of {} again: {}",
                            engine.database(),
                            source,
                            reason(slot, identity, followed));
                }
                begin(source, catalog, identity);
            }
            var tables = new FollowedTables(engine, state);
            tables.dropUnknown();
            tables.compare(catalog, source, wanted -> {}); // there are no copies
            return source;
        }
    }

    private void compare(Source source, TableCopies copies) throws SQLException, InterruptedException {
        try (var connection = source.connect()) {
            new FollowedTables(engine, state).compare(source.catalog(connection), source, copies::keep);
        }
    }

    private static String reason(
            SourceCatalog.@Nullable Slot slot, String identity, ReplicationState.Followed followed) {
        if (!followed.source().equals(identity)) {
            return "it is another server than it was, or has another history";
        }
        return slot == null
                ? "its replication slot is gone"
                : "its replication slot does not have all changes any more";
    }

    /** All changes from now on are kept for us, and all tables are to be copied. */
    private void begin(Source source, SourceCatalog catalog, String identity) throws SQLException {
        catalog.dropSlot(source.name());
        try (var replication = source.replicate()) {
            streaming = replication; // the slot waits for the source's older transactions
            var slot = replication
                    .unwrap(PGConnection.class)
                    .getReplicationAPI()
                    .createReplicationSlot()
                    .logical()
                    .withSlotName(source.name())
                    .withOutputPlugin("pgoutput")
                    .make();
            engine.atomically(() -> {
                for (var table : state.tables().values()) {
                    state.put(new ReplicationState.Table(
                            ReplicationState.TableState.RESYNC_REQUIRED, "the source begins anew", 0, table.source()));
                }
                state.follow(identity, slot.getConsistentPoint().asLong());
            });
        } finally {
            streaming = null;
        }
    }

    /** Until one of the tables cannot be followed any more, or it was closed. */
    private void follow(Source source, TableCopies copies) throws SQLException, IOException, InterruptedException {
        var applier = new Applier(engine, state, copies, source);
        copies.start(applier.tables());
        // Before a table is here there is nothing to apply; so the first copies need not catch up with anything.
        while (goesOn() && copies.areActive() && !applier.followsAny()) {
            copies.await();
            adopt(applier, copies);
        }
        try (var connection = source.replicate()) {
            streaming = connection;
            try (var stream = source.stream(connection, source.name(), applier.position());
                    var reader =
                            new MessageReader(stream, source.patience(), "replication reader " + engine.database())) {
                reader.confirm(applier.position());
                apply(source, reader, applier, copies);
            }
        } catch (Unfollowable e) {
            applier.rollback();
            log.warn("table {} is not followed any more", e.table(), e);
            new FollowedTables(engine, state).fail(e.table(), String.valueOf(e.getMessage()));
        } finally {
            streaming = null;
            applier.rollback();
        }
    }

    private void apply(Source source, MessageReader reader, Applier applier, TableCopies copies)
            throws SQLException, IOException, Unfollowable, InterruptedException {
        var compared = System.nanoTime();
        while (goesOn() || (closed.getCount() > 0 && !(applier.isBetweenTransactions() && !applier.isPending()))) {
            var received = reader.received();
            var read = reader.next(applier.isBetweenTransactions() && applier.isPending() ? 0 : IDLE_MILLIS);
            if (read != null) {
                applier.take(read.message(), read.bytes());
            }
            if (applier.isBetweenTransactions() && applier.isPending() && (read == null || applier.isFull())) {
                if (commit(reader, applier)) {
                    activity.applied(applier.lagMillis());
                } else {
                    activity.happened();
                }
                if (applier.mayHaveOthers()) { // as a partition that is a table of its own now
                    compare(source, copies);
                    applier.look();
                }
                adopt(applier, copies);
                copyAgain(applier); // here, too: the source may never pause
            } else if (read == null && applier.isBetweenTransactions()) {
                // The source writes what is of no concern here; it need not keep that for us.
                if (received - applier.position() > LONGEST_BEHIND_BYTES) {
                    applier.skip(received);
                    commit(reader, applier);
                }
                copyAgain(applier);
                if (!applier.isPending()) {
                    activity.paused();
                    adopt(applier, copies);
                }
            }
            if (!source.publication().tellsAlterations()
                    && applier.isBetweenTransactions()
                    && !applier.isPending()
                    && (applier.isDoubtful() || System.nanoTime() - compared > COMPARISON_NANOS)) {
                compare(source, copies);
                applier.look();
                copies.start(applier.tables());
                compared = System.nanoTime();
            }
        }
    }

    /** Begins with what was asked for by {@link #refresh}; there is no transaction under way. */
    private void copyAgain(Applier applier) throws SQLException {
        for (var table = toCopyAgain.poll(); table != null; table = toCopyAgain.poll()) {
            applier.copyAgain(table);
        }
    }

    /** Takes over the tables whose copies are as far as the others are. */
    private void adopt(Applier applier, TableCopies copies) throws SQLException, IOException, InterruptedException {
        copies.tell(state::copied);
        for (var one : copies.outcomes(applier.position()).entrySet()) {
            if (one.getValue() instanceof TableCopy.Outcome.Broken(var cause)) {
                throw new IOException("a table could not be copied", cause);
            }
            applier.adopt(one.getKey(), one.getValue());
        }
        copies.start(applier.tables()); // those that were altered meanwhile, once more
    }

    /** The source is told at once: what it knows to be here it does not send again to whoever follows next. */
    private boolean commit(MessageReader reader, Applier applier) throws SQLException, Unfollowable {
        var anyOfSource = applier.commit();
        progressed = true;
        reader.confirm(applier.position());
        return anyOfSource;
    }

    /** Ends; what the target has committed is enough to go on from. */
    @Override
    public void close() throws SQLException {
        closed.countDown();
        var connection = streaming;
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                log.debug("the connection to the source does not close", e);
            }
        }
        var following = binlog;
        if (following != null) {
            following.abort();
        }
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        engine.close();
    }
}
