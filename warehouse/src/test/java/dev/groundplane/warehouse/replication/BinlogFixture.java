package dev.groundplane.warehouse.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import dev.groundplane.testing.BinlogServer;
import dev.groundplane.testing.MariaDbServer;
import dev.groundplane.testing.MySqlServer;
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
import org.junit.jupiter.params.Parameter;

/**
 * A database of a MariaDB or MySQL server, as the test's class says, and one of a warehouse, which follows it when the test says so, with the
 * least rights that are enough.
 */
abstract class BinlogFixture {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final AtomicInteger REPLICA = new AtomicInteger(1_000_000);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    @TempDir
    Path directory;

    @Parameter
    BinlogSource.Engine kind;

    private BinlogServer server;
    final String name = "replicated_" + NUMBER.incrementAndGet();
    private String password = "secret";
    private int port; // the source's own when 0
    private Duration patience = BinlogSource.PATIENCE;
    private TableFilter filter = TableFilter.ALL;
    /** What was told: how late changes came, and the place that was reached. */
    final List<Long> lags = new CopyOnWriteArrayList<>();

    final List<String> places = new CopyOnWriteArrayList<>();

    private Engine engine;
    private EngineSession target;
    private Connection source;
    private Replication replication;

    @BeforeEach
    void open() throws Exception {
        server = switch (kind) {
            case MARIADB -> MariaDbServer.shared();
            case MYSQL -> MySqlServer.shared();
        };
        makeSource();
        engine = Engine.open(directory, "dev", new EngineLimits(256L << 20, 1L << 30, 2));
        try (var session = engine.session("dev")) {
            session.databases().create("sales");
        }
        target = engine.session("sales");
    }

    private void makeSource() throws SQLException {
        server.execute(
                "CREATE DATABASE " + name + " CHARACTER SET utf8mb4",
                "CREATE USER '%s' IDENTIFIED BY 'secret'".formatted(name),
                "GRANT SELECT ON %1$s.* TO '%1$s'".formatted(name),
                "GRANT %s ON *.* TO '%s'".formatted(server.rights(), name));
        source = newConnection();
    }

    @AfterEach
    void close() throws Exception {
        stop();
        source.close();
        target.close();
        engine.close();
        server.execute("DROP DATABASE " + name, "DROP USER '%s'".formatted(name));
    }

    final BinlogServer server() {
        return server;
    }

    /** The source is another server from now on, which has the database, empty. */
    final void moveTo(BinlogServer other) throws SQLException {
        source.close();
        server.execute("DROP DATABASE " + name, "DROP USER '%s'".formatted(name));
        server = other;
        makeSource();
    }

    /** A session at the source. The caller closes it. */
    final Connection newConnection() throws SQLException {
        var deep = kind == BinlogSource.Engine.MYSQL ? ",cte_max_recursion_depth=100000" : "";
        return DriverManager.getConnection(
                server.url(name) + "&sessionVariables=sql_mode='',time_zone='+00:00'" + deep);
    }

    /** The source's server is killed, and starts again. */
    final void crashSource() throws SQLException {
        server.kill();
        server.start();
        source = newConnection();
    }

    private BinlogSource sourceDatabase(long replica) {
        return new BinlogSource(
                kind,
                "127.0.0.1",
                port == 0 ? server.port() : port,
                name,
                name,
                password,
                Source.Transport.LOCAL,
                replica,
                filter,
                patience);
    }

    /** What follows connects to the source by this, and takes it for away when it is silent for so long. */
    final void followThrough(Cable cable, Duration longestSilence) {
        port = cable.port();
        patience = longestSilence;
    }

    /** The password by which is followed from now on. */
    final void password(String other) {
        password = other;
    }

    /** Tables of these patterns are wanted from now on. */
    final void want(TableFilter.TablePattern... patterns) {
        filter = new TableFilter(List.of(patterns));
        if (replication != null) {
            replication.look();
        }
    }

    final void follow() throws Exception {
        replication = follow("sales");
    }

    /** Another database follows, too. The caller closes what follows. */
    final Replication follow(String database) throws Exception {
        var replica = REPLICA.incrementAndGet();
        return Replication.start(
                () -> engine.session(database),
                "integration",
                () -> sourceDatabase(replica),
                new Staging(directory.resolve(Engine.STAGING), 1L << 30),
                new Activity((lagMillis, place) -> {
                    lags.add(lagMillis);
                    if (place != null) {
                        places.add(place);
                    }
                }));
    }

    final Engine engine() {
        return engine;
    }

    /** Ends following. */
    final void stop() throws Exception {
        if (replication != null) {
            replication.close();
            replication = null;
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

    /** What has the rows from 1 to a number, in the column {@code seq}. */
    final String numbers(int last) {
        return switch (kind) {
            case MARIADB -> "seq_1_to_" + last;
            case MYSQL ->
                "(WITH RECURSIVE s(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM s WHERE seq < %d) SELECT seq FROM s) AS s"
                        .formatted(last);
        };
    }

    final void source(String... statements) throws SQLException {
        try (var statement = source.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    final List<List<String>> target(String query) throws SQLException {
        return target.rows(query.replace("@", name + "."));
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

    /** Waits until the target has the source's rows, and the table is followed. */
    final void awaitEqual(String table) throws Exception {
        var expected = sourceRows("SELECT * FROM %s ORDER BY 1".formatted(table));
        await(() -> assertThat(target("SELECT * FROM @%s ORDER BY 1".formatted(table)))
                .isEqualTo(expected));
        awaitState(table, "Synced"); // a copy's rows are there a moment before it is taken over
    }

    /** Waits until the target has these tables and no others. */
    final void awaitTables(String... tables) throws Exception {
        awaitRows(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = 'sales' AND schema_name <> 'groundplane' ORDER BY 1",
                tables);
    }

    /** @param values of the rows, which have one each */
    final void awaitRows(String query, String... values) throws Exception {
        await(() -> assertThat(target(query))
                .containsExactlyElementsOf(Stream.of(values).map(List::of).toList()));
    }

    final void awaitState(String table, String state) throws Exception {
        awaitRows("SELECT state FROM groundplane.replicated_table WHERE table_name = '%s'".formatted(table), state);
    }

    /** Waits until a table was copied so many times, and looks that it was not more often. */
    final void awaitCopies(String table, int times) throws Exception {
        awaitRows(
                "SELECT count(*) FROM groundplane.replication_table_activity WHERE table_name = '%s' AND (checkpoint, bytes) IN (SELECT (checkpoint, bytes) FROM groundplane.replication_activity WHERE type = 'snapshot')"
                        .formatted(table),
                Integer.toString(times));
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
