package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.replication.CopiedRows.SourceException;
import dev.groundplane.warehouse.replication.ReplicationState.Table;
import dev.groundplane.warehouse.replication.ServerLog.Place;
import dev.groundplane.warehouse.replication.TableCopy.Extent;
import dev.groundplane.warehouse.replication.TableCopy.Outcome;
import dev.groundplane.warehouse.storage.Staging;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies tables, all as one moment of the source has them, on a thread of its own while others are followed. Locks nothing at the source
 * but each table's definition while that one is read. Changes that come after that moment are not its business: whoever follows reads the
 * log once more from there. Run once; the methods are for the one thread that follows.
 */
final class BinlogCopy implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BinlogCopy.class);
    /** A server's errors of a table that is another one since the snapshot: altered, gone, and without a column. */
    private static final Set<Integer> ALTERED = Set.of(1412, 1146, 1054);

    private final List<Table> tables;
    private final List<Table> all;
    private final Sessions sessions;
    private final BinlogSource source;
    private final BinlogCharacters characters;
    private final Staging staging;
    private final Activity activity;
    private final Map<Integer, Long> rows = new ConcurrentHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Connection connection;
    private volatile boolean cancelled;
    private volatile @Nullable Result result;
    private volatile @Nullable Exception failure;

    /**
     * What came of it.
     *
     * @param place up to where in the log all is in what was copied
     * @param exactFrom where in the log nothing is in what was copied any more
     * @param outcomes by the tables' identifiers
     */
    record Result(Place place, long exactFrom, Map<Integer, Outcome> outcomes) {}

    /**
     * Begins to copy.
     *
     * @param tables those that are copied
     * @param all tables that are known
     * @param sessions of the engine
     * @param activity told of what is done
     * @param name of the thread
     */
    BinlogCopy(
            List<Table> tables,
            List<Table> all,
            Sessions sessions,
            BinlogSource source,
            BinlogCharacters characters,
            Staging staging,
            Activity activity,
            String name) {
        this.tables = tables;
        this.all = all;
        this.sessions = sessions;
        this.source = source;
        this.characters = characters;
        this.staging = staging;
        this.activity = activity;
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    /** The identifiers of the tables that it copies. */
    Set<Integer> ids() {
        return tables.stream().map(table -> table.source().id()).collect(Collectors.toSet());
    }

    /** Waits a moment for the end. */
    void await(Duration longest) throws InterruptedException {
        if (ended.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            thread.join();
        }
    }

    /**
     * What came of it; it does nothing any more then.
     *
     * @return null when it goes on
     */
    @Nullable
    Result result() throws IOException {
        if (ended.getCount() > 0) {
            return null;
        }
        var broken = failure;
        if (broken != null) {
            throw new IOException("tables could not be copied", broken);
        }
        return result;
    }

    /** How many rows of each table were copied so far. */
    Map<Integer, Long> rows() {
        return Map.copyOf(rows);
    }

    private void run() {
        try (var engine = sessions.open();
                var opened = source.connectForLong()) {
            connection = opened;
            if (!cancelled) {
                result = copy(engine, opened);
            }
        } catch (SQLException | IOException | RuntimeException e) { // the outermost loop of the thread
            failure = e;
        } catch (InterruptedException e) {
            failure = e;
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private Result copy(EngineSession engine, Connection opened)
            throws SQLException, IOException, InterruptedException {
        var catalog = new BinlogCatalog(opened, source, characters);
        var snapshot = catalog.log().snapshot();
        var outcomes = new HashMap<Integer, Outcome>();
        try (var statement = opened.createStatement()) {
            statement.execute("SAVEPOINT copied");
            var found = new HashMap<String, SourceTable>();
            var ids = new HashMap<String, Integer>();
            tables.forEach(
                    table -> ids.put(table.source().name(), table.source().id()));
            // The catalog has no snapshots: a table that is altered meanwhile is so in the log, and copied once more
            // for that.
            catalog.tables(name -> ids.getOrDefault(name, 0)).forEach(table -> found.put(table.name(), table));
            for (var table : tables) {
                // Gives the definition of the table before free again, for whoever alters it.
                statement.execute("ROLLBACK TO SAVEPOINT copied");
                var now = found.get(table.source().name());
                outcomes.put(table.source().id(), now == null ? new Outcome.Gone() : copy(engine, opened, now));
            }
        }
        return new Result(snapshot.place(), snapshot.exactFrom(), outcomes);
    }

    private Outcome copy(EngineSession engine, Connection opened, SourceTable table)
            throws SQLException, IOException, InterruptedException {
        var others = new ArrayList<>(all);
        others.removeIf(other -> other.source().id() == table.id());
        var hindrance = BinlogTables.hindrance(table, others);
        if (hindrance.isPresent()) {
            return new Outcome.Failed(table, hindrance.get());
        }
        try {
            return new Outcome.Copied(table, 0, copyRows(engine, opened, table));
        } catch (SourceException e) {
            if (ALTERED.contains(e.getErrorCode())) {
                log.info("{} was altered meanwhile, and is copied once more: {}", table.name(), e.getMessage());
                return new Outcome.Again();
            }
            throw e;
        } catch (SQLException e) {
            var reason = BadValue.reason(e).orElseThrow(() -> e);
            log.warn("{}.{} cannot be followed", table.schema(), table.name(), e);
            return new Outcome.Failed(table, reason);
        }
    }

    private Extent copyRows(EngineSession engine, Connection opened, SourceTable table)
            throws SQLException, IOException, InterruptedException {
        new TableAlteration(engine).createSchema(table);
        engine.begin();
        var copied = false;
        try {
            var begun = Instant.now();
            rows.put(table.id(), 0L);
            var load = new InitialLoad(engine, one -> CopiedRows.open(opened, one), staging, count -> {
                rows.put(table.id(), count);
                activity.happened();
            });
            var total = load.copy(table);
            engine.redefine();
            copied = true;
            log.info(
                    "{} rows of {}.{} copied in {} ms",
                    total,
                    table.schema(),
                    table.name(),
                    Duration.between(begun, Instant.now()).toMillis());
            return new Extent(total, load.bytes(), begun);
        } finally {
            engine.end(copied);
        }
    }

    /** Ends it as soon as possible; nothing is done any more when this returns. */
    @Override
    public void close() {
        cancelled = true;
        var interrupted = false;
        while (ended.getCount() > 0) {
            thread.interrupt();
            var opened = connection;
            if (opened != null) { // what waits for the source does not wait for an interrupt
                try {
                    opened.abort(Runnable::run);
                } catch (SQLException e) {
                    log.debug("the connection to the source does not close", e);
                }
            }
            try {
                ended.await(100, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
