package dev.groundplane.warehouse.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import dev.groundplane.testing.PostgresCluster;
import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.storage.Staging;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL database and one of a warehouse, which follows it when the test says so. */
abstract class ReplicationFixture {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final String SLOT = "groundplane_test";

    @TempDir
    Path directory;

    private final PostgresCluster cluster = PostgresCluster.shared();
    private final String name = "replicated_" + NUMBER.incrementAndGet();
    private String user = "groundplane";
    private volatile TableFilter filter = TableFilter.ALL;
    private int port; // the source's own when 0
    private Duration patience = Source.PATIENCE;
    /** How late changes came, as it was told. */
    final List<Long> lags = new CopyOnWriteArrayList<>();

    private Engine engine;
    private EngineSession target;
    private Connection source;
    private Replication replication;

    /** Done before the warehouse is made. */
    void prepare() throws Exception {}

    @BeforeEach
    void open() throws Exception {
        prepare();
        cluster.execute("CREATE DATABASE " + name);
        connect();
        engine = Engine.open(directory, "dev", new EngineLimits(256L << 20, 1L << 30, 2));
        try (var session = engine.session("dev")) {
            session.databases().create("sales");
        }
        target = engine.session("sales");
    }

    @AfterEach
    void close() throws Exception {
        stop();
        source.close();
        target.close();
        engine.close();
        cluster.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '%s'"
                .formatted(name));
        cluster.execute("DROP DATABASE " + name);
    }

    private void connect() throws SQLException {
        source = newConnection();
    }

    /** A session at the source. The caller closes it. */
    final Connection newConnection() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:%d/%s?user=groundplane&preferQueryMode=simple"
                .formatted(cluster.port(), name));
    }

    /** The source's server ends as when it is killed, and starts again. */
    final void crashSource() throws SQLException {
        cluster.stop();
        cluster.start();
        connect();
    }

    private Source sourceDatabase() {
        return new Source(
                "127.0.0.1",
                port == 0 ? cluster.port() : port,
                name,
                user,
                "",
                Source.Transport.LOCAL,
                SLOT,
                Publication.own(SLOT),
                filter,
                patience);
    }

    /** What follows connects to the source by this, and takes it for away when it is silent for so long. */
    final void followThrough(Cable cable, Duration longestSilence) {
        port = cable.port();
        patience = longestSilence;
    }

    /** The source's port. */
    final int sourcePort() {
        return cluster.port();
    }

    /** Following is done as this role from now on. */
    final void followAs(String role) {
        user = role;
    }

    /** Tables of these patterns are wanted from now on. */
    final void want(TableFilter.TablePattern... patterns) {
        filter = new TableFilter(List.of(patterns));
        if (replication != null) {
            replication.look();
        }
    }

    /** As whoever follows does first. */
    final void setUpSource() throws SQLException {
        try (var connection = sourceDatabase().connect()) {
            new SourceCatalog(connection, filter).setUp(SLOT);
        }
    }

    final void follow() throws Exception {
        replication = Replication.start(
                () -> engine.session("sales"),
                "integration",
                this::sourceDatabase,
                new Staging(directory.resolve(Engine.STAGING), 1L << 30),
                new Activity((lagMillis, _) -> lags.add(lagMillis)));
    }

    /** Ends following. The source notices a little later that nobody reads its slot. */
    final void stop() throws Exception {
        if (replication != null) {
            replication.close();
            replication = null;
            var active = "SELECT active_pid FROM pg_replication_slots WHERE database = '%s' AND active".formatted(name);
            await(() -> assertThat(sourceRows(active)).isEmpty());
        }
    }

    /** Has tables copied again. */
    final void refresh(String... tables) throws SQLException {
        replication.refresh(new ReplicationState(target)
                .tables().values().stream()
                        .map(ReplicationState.Table::source)
                        .filter(table -> List.of(tables).contains(table.name()))
                        .map(SourceTable::id)
                        .toList());
    }

    final void source(String... statements) throws SQLException {
        try (var statement = source.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Runs PostgreSQL's benchmark at the source. */
    final void pgbench(String... arguments) {
        cluster.client("pgbench", name, arguments);
    }

    final List<List<String>> target(String query) throws SQLException {
        return target.rows(query);
    }

    final List<List<String>> sourceRows(String query) throws SQLException {
        try (var statement = source.createStatement();
                var rows = statement.executeQuery(query)) {
            var all = new ArrayList<List<String>>();
            while (rows.next()) {
                var row = new ArrayList<String>();
                for (var i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(rows.getString(i));
                }
                all.add(row);
            }
            return all;
        }
    }

    /** Waits until the target has the source's rows. */
    final void awaitEqual(String table, String key) throws Exception {
        var query = "SELECT * FROM %s ORDER BY %s".formatted(table.contains(".") ? table : "public." + table, key);
        var expected = sourceRows(query);
        await(() -> assertThat(target(query)).isEqualTo(expected));
    }

    final void awaitCount(String table, int count) throws Exception {
        awaitRows("SELECT count(*) FROM public." + table, Integer.toString(count));
    }

    /** @param values of the rows, which have one each */
    final void awaitRows(String query, String... values) throws Exception {
        await(() -> assertThat(target(query))
                .containsExactlyElementsOf(Stream.of(values).map(List::of).toList()));
    }

    final void awaitState(String table, String state) throws Exception {
        awaitRows("SELECT state FROM groundplane.replicated_table WHERE table_name = '%s'".formatted(table), state);
    }

    /** What is true sooner or later. */
    interface Check {
        void run() throws SQLException;
    }

    final void await(Check check) throws Exception {
        var end = Instant.now().plus(LONGEST_WAIT);
        while (true) {
            try {
                check.run();
                return;
            } catch (AssertionError | SQLException e) {
                if (Instant.now().isAfter(end)) {
                    fail("after %s: %s".formatted(LONGEST_WAIT, e.getMessage()), e);
                }
                Thread.sleep(10);
            }
        }
    }
}
