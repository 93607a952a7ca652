package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.replication.PendingChanges.Unfollowable;
import dev.groundplane.warehouse.replication.ReplicationState.Table;
import dev.groundplane.warehouse.replication.ReplicationState.TableState;
import dev.groundplane.warehouse.replication.binlog.BinlogStream;
import dev.groundplane.warehouse.storage.Staging;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one database follow one of a MariaDB or MySQL server, as long as that is there. The position that is written down is the place in
 * the server's log, see {@link dev.groundplane.warehouse.replication.binlog.LogPosition}; beside it is a mark of that place, by which it is
 * found out whether the log is still the one that it was. For one thread, except to abort.
 */
final class BinlogReplication {
    private static final Logger log = LoggerFactory.getLogger(BinlogReplication.class);
    private static final long IDLE_MILLIS = 20;
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final EngineSession engine;
    private final Sessions sessions;
    private final ReplicationState state;
    private final Staging staging;
    private final Activity activity;
    private final Queue<Integer> toCopyAgain;
    private final BooleanSupplier goesOn;
    private final BinlogMemory memory = new BinlogMemory();
    private volatile @Nullable Connection connection;
    private @Nullable BinlogCopy copy;
    private long toldAt = System.nanoTime();
    private boolean progressed;

    /**
     * @param toCopyAgain tables, by their identifiers, that are to be copied again soon
     * @param goesOn whether to follow
     */
    BinlogReplication(
            EngineSession engine,
            Sessions sessions,
            ReplicationState state,
            Staging staging,
            Activity activity,
            Queue<Integer> toCopyAgain,
            BooleanSupplier goesOn) {
        this.engine = engine;
        this.sessions = sessions;
        this.state = state;
        this.staging = staging;
        this.activity = activity;
        this.toCopyAgain = toCopyAgain;
        this.goesOn = goesOn;
    }

    /** Whether something was applied. */
    boolean hasProgressed() {
        return progressed;
    }

    /** Breaks the connection for statements; another thread waits there. */
    void abort() {
        var opened = connection;
        if (opened != null) {
            try {
                opened.abort(Runnable::run);
            } catch (SQLException e) {
                log.debug("the connection to the source does not close", e);
            }
        }
    }

    /** Follows a source until it is to go on no more, or until the source is away. */
    void follow(BinlogSource source) throws SQLException, IOException, InterruptedException {
        state.sourceDatabase(source.database());
        try (var opened = source.connect()) {
            connection = opened;
            memory.characters().learn(opened);
            var catalog = new BinlogCatalog(opened, source, memory.characters());
            catalog.check();
            memory.exactFrom(catalog.log().exactFrom());
            if (!state.followed().source().equals(catalog.log().identity())) {
                begin(source, catalog, "it is another server than it was, or another log");
            }
            new FollowedTables(engine, state).dropUnknown();
            compare(catalog);
            while (goesOn.getAsBoolean()) {
                read(source, catalog);
            }
        } finally {
            connection = null;
            endCopy();
        }
    }

    /** All tables are to be copied, and what is in the log from now on is applied. */
    private void begin(BinlogSource source, BinlogCatalog catalog, String reason) throws SQLException {
        if (!state.followed().source().isEmpty()) {
            log.warn("{} copies all of {} again: {}", engine.database(), source, reason);
        }
        endCopy();
        var place = catalog.log().end();
        var identity = catalog.log().identity();
        engine.atomically(() -> {
            for (var table : state.tables().values()) {
                state.put(new Table(TableState.RESYNC_REQUIRED, "the source begins anew", 0, table.source()));
            }
            state.follow(identity, place.position());
            state.place(place.mark().toString());
        });
    }

    private void compare(BinlogCatalog catalog) throws SQLException {
        var copying = copy;
        new BinlogTables(engine, state).compare(catalog, copying == null ? Set.of() : copying.ids());
    }

    /** Until another part of the log is to be read, one of the tables cannot be followed any more, or it is to go on no more. */
    private void read(BinlogSource source, BinlogCatalog catalog)
            throws SQLException, IOException, InterruptedException {
        var applier = new BinlogApplier(engine, state, source, memory);
        startCopy(source, applier);
        while (goesOn.getAsBoolean() && copy != null && !applier.followsAny()) { // there is nothing to apply yet
            copy.await(LOOK);
            tell();
            if (adopt(source, catalog, applier)) {
                return;
            }
        }
        var place = applier.reached();
        var from = catalog.log().begin(place);
        if (from.isEmpty()) {
            begin(
                    source,
                    catalog,
                    "its log does not have what came after %s any more"
                            .formatted(catalog.log().told(place)));
            return;
        }
        try (var stream =
                source.stream(catalog.log().base(), from.getAsLong(), "replication reader " + engine.database())) {
            apply(source, catalog, stream, applier);
        } catch (BinlogStream.LostException e) {
            applier.rollback();
            begin(source, catalog, String.valueOf(e.getMessage()));
        } catch (Unfollowable e) {
            applier.rollback();
            log.warn("table {} is not followed any more", e.table(), e);
            new FollowedTables(engine, state).fail(e.table(), String.valueOf(e.getMessage()));
        } finally {
            applier.rollback();
        }
    }

    private void apply(BinlogSource source, BinlogCatalog catalog, BinlogStream stream, BinlogApplier applier)
            throws SQLException, IOException, Unfollowable, InterruptedException {
        activity.reached(catalog.log().told(applier.reached()));
        while (goesOn.getAsBoolean()) {
            var read = stream.next(applier.isBetweenGroups() && applier.isPending() ? 0 : IDLE_MILLIS);
            if (read != null) {
                applier.take(read.event(), read.bytes());
            }
            if (!applier.isBetweenGroups()) {
                continue;
            }
            if (applier.isPending() && (read == null || applier.isFull())) {
                commit(catalog, applier);
                if (adopt(source, catalog, applier)) {
                    return;
                }
                copyAgain(applier); // here, too: the source may never pause
            } else if (read == null) {
                copyAgain(applier);
                if (!applier.isPending()) {
                    // What was of no concern is here as well.
                    activity.reached(catalog.log().told(applier.reached()));
                    activity.paused();
                    if (adopt(source, catalog, applier)) {
                        return;
                    }
                }
            }
        }
    }

    /** Begins with what was asked for; there is no group under way. */
    private void copyAgain(BinlogApplier applier) throws SQLException {
        for (var table = toCopyAgain.poll(); table != null; table = toCopyAgain.poll()) {
            applier.copyAgain(table);
        }
    }

    private void commit(BinlogCatalog catalog, BinlogApplier applier) throws SQLException, Unfollowable {
        var anyOfConcern = applier.commit();
        progressed = true;
        activity.reached(catalog.log().told(applier.reached()));
        if (anyOfConcern) {
            activity.applied(applier.lagMillis());
        }
        if (applier.mayHaveOthers()) {
            compare(catalog);
            applier.look();
        }
    }

    private void startCopy(BinlogSource source, BinlogApplier applier) {
        if (copy != null) {
            return;
        }
        var waiting = applier.tables().stream()
                .filter(table -> table.state() == TableState.RESYNC_REQUIRED)
                .toList();
        if (!waiting.isEmpty()) {
            copy = new BinlogCopy(
                    waiting,
                    List.copyOf(applier.tables()),
                    sessions,
                    source,
                    memory.characters(),
                    staging,
                    activity,
                    "table copy " + engine.database());
        }
    }

    /**
     * Takes over the tables of a copy that has ended, and begins the next one if there is to be one.
     *
     * @return whether the log is to be read from another place
     */
    private boolean adopt(BinlogSource source, BinlogCatalog catalog, BinlogApplier applier)
            throws SQLException, IOException {
        tell();
        var under = copy;
        var result = under == null ? null : under.result();
        if (result != null) {
            copy = null;
            progressed = true;
            memory.exactFrom(result.exactFrom());
            var again = new BinlogHandover(engine, state).adopt(result, applier.reached());
            compare(catalog); // some may have been dropped, or altered, while they were copied
            new FollowedTables(engine, state).dropUnknown();
            activity.happened();
            if (again) {
                return true;
            }
            applier.look();
        }
        startCopy(source, applier);
        return false;
    }

    /** Writes down how far a copy is, each second. */
    private void tell() throws SQLException {
        var under = copy;
        if (under != null && System.nanoTime() - toldAt >= LOOK.toNanos()) {
            toldAt = System.nanoTime();
            for (var one : under.rows().entrySet()) {
                state.copied(one.getKey(), one.getValue());
            }
        }
    }

    private void endCopy() {
        var under = copy;
        copy = null;
        if (under != null) {
            under.close();
        }
    }
}
