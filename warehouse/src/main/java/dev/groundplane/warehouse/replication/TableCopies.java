package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.replication.ReplicationState.Table;
import dev.groundplane.warehouse.replication.ReplicationState.TableState;
import dev.groundplane.warehouse.storage.Staging;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The copies of tables that go on beside the following of the others, so many at a time. For the one thread that follows, which each
 * copy hands its table over to.
 */
final class TableCopies implements AutoCloseable {
    private static final int AT_A_TIME = 2;
    private static final long LOOK_MILLIS = 1_000;
    private static final Duration TELL_EACH = Duration.ofSeconds(1);

    private final Sessions sessions;
    private final Source source;
    private final Staging staging;
    private final Activity activity;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            AT_A_TIME, Thread.ofPlatform().daemon().name("table copy ", 0).factory());
    private final Map<Integer, TableCopy> active = new LinkedHashMap<>();
    private final Semaphore changed = new Semaphore(0);
    private long toldAt = System.nanoTime();

    TableCopies(Sessions sessions, Source source, Staging staging, Activity activity) {
        this.sessions = sessions;
        this.source = source;
        this.staging = staging;
        this.activity = activity;
    }

    /** Has all tables copied that need it and are not being copied. */
    void start(Collection<Table> all) {
        for (var table : all) {
            if (table.state() == TableState.RESYNC_REQUIRED
                    && !active.containsKey(table.source().id())) {
                var copy =
                        new TableCopy(table, List.copyOf(all), sessions, source, staging, activity, changed::release);
                active.put(table.source().id(), copy);
                threads.execute(copy);
            }
        }
    }

    /** Whether tables are being copied. */
    boolean areActive() {
        return !active.isEmpty();
    }

    /** Waits until there may be an outcome, or a moment has passed. */
    void await() throws InterruptedException {
        changed.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        changed.drainPermits();
    }

    /**
     * Gives up the copies of tables that are not what they were; they do nothing any more when this returns.
     *
     * @return those that are in the engine, as they were copied
     */
    List<SourceTable> cancel(TableNews news) throws InterruptedException {
        var concerned =
                active.values().stream().filter(copy -> copy.isConcerned(news)).toList();
        active.values().removeAll(concerned);
        concerned.forEach(TableCopy::cancel);
        var copied = new ArrayList<SourceTable>();
        for (var copy : concerned) {
            copy.awaitEnd();
            copy.copied().ifPresent(copied::add);
        }
        return copied;
    }

    /** Gives up the copies of all tables but these; they do nothing any more when this returns. */
    void keep(Collection<SourceTable> tables) throws InterruptedException {
        var gone = new HashSet<>(active.keySet());
        tables.forEach(table -> gone.remove(table.id()));
        for (var id : gone) {
            end(Objects.requireNonNull(active.remove(id)));
        }
    }

    private static void end(TableCopy copy) throws InterruptedException {
        copy.cancel();
        copy.awaitEnd();
    }

    /** What came of copies that whoever has applied all up to a position takes over from now on, by the tables' identifiers. */
    Map<Integer, TableCopy.Outcome> outcomes(long position) throws InterruptedException {
        var found = new HashMap<Integer, TableCopy.Outcome>();
        for (var one : active.entrySet()) {
            var outcome = one.getValue().outcome(position);
            if (outcome != null) {
                end(one.getValue()); // it may have rows of a transaction that it has not read to its end
                found.put(one.getKey(), outcome);
            }
        }
        found.keySet().forEach(active::remove);
        return found;
    }

    /** Has somebody told of each copy that goes on, if a second has passed since the last time. */
    void tell(Progress progress) throws SQLException {
        if (System.nanoTime() - toldAt < TELL_EACH.toNanos()) {
            return;
        }
        toldAt = System.nanoTime();
        for (var one : active.entrySet()) {
            if (one.getValue().hasBegun()) {
                progress.copied(one.getKey(), one.getValue().rows());
            }
        }
    }

    /** Is told of copies. */
    interface Progress {
        /** So many rows of a table were copied so far. */
        void copied(int table, long rows) throws SQLException;
    }

    /** Gives up all; nothing is done any more when this returns. */
    @Override
    public void close() {
        active.values().forEach(TableCopy::cancel);
        threads.close();
    }
}
