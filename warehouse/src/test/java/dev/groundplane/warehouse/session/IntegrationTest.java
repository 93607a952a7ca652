package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.testing.PostgresCluster;
import dev.groundplane.warehouse.gateway.Gateway;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Databases that follow a real PostgreSQL, as users make and use them. */
final class IntegrationTest extends WarehouseFixture {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private final PostgresCluster cluster = PostgresCluster.shared();
    private final String name = "integrated_" + NUMBER.incrementAndGet();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private Connection source;

    @BeforeEach
    void makeSource() throws SQLException {
        cluster.execute("CREATE DATABASE " + name);
        source = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:%d/%s?user=groundplane&preferQueryMode=simple"
                .formatted(cluster.port(), name));
        source(
                "CREATE TABLE trade(id int PRIMARY KEY, amount numeric(10,2))",
                "INSERT INTO trade VALUES (1, 10), (2, 20)",
                "CREATE TABLE keyless(a int)");
    }

    @AfterEach
    void removeSource() throws SQLException {
        source.close();
    }

    @Override
    Gateway gateway() {
        return this::answer;
    }

    private JsonNode answer(String operation, Map<String, ?> members) {
        asked.add(operation + " " + members.get("integration") + " " + members.get("database"));
        if (!"known".equals(members.get("integration"))) {
            throw SqlFailure.of("42704", "integration %s does not exist".formatted(members.get("integration")));
        }
        return new ObjectMapper()
                .valueToTree(Map.of(
                        "host",
                        "127.0.0.1",
                        "port",
                        cluster.port(),
                        "database",
                        name,
                        "user",
                        "groundplane",
                        "password",
                        "",
                        "sslMode",
                        "prefer",
                        "name",
                        "groundplane_" + name,
                        "tables",
                        List.of(Map.of("included", true, "schema", "", "table", ""))));
    }

    private void source(String... statements) throws SQLException {
        try (var statement = source.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private void await(String query, String... rows) throws Exception {
        var end = Instant.now().plus(LONGEST_WAIT);
        while (true) {
            try {
                assertThat(rows(query)).containsExactly(rows);
                return;
            } catch (AssertionError | SQLException e) {
                if (Instant.now().isAfter(end)) {
                    fail(e);
                }
                Thread.sleep(10);
            }
        }
    }

    @Test
    void a_database_follows_its_integration_until_it_is_dropped() throws Exception {
        run(
                "CREATE DATABASE sales FROM INTEGRATION 'known' DATABASE 'app'",
                "CREATE TABLE risk(id int, factor int)",
                "INSERT INTO risk VALUES (1, 3)");
        await("SELECT id, amount FROM sales.public.trade ORDER BY id", "1|10.00", "2|20.00");
        // Rows are there a moment before their copy is taken over; what comes in between is not counted as a change.
        await("SELECT table_state FROM svv_integration_table_state WHERE table_name = 'trade'", "Synced");
        source("UPDATE trade SET amount = 11 WHERE id = 1");
        await("SELECT t.amount * r.factor FROM sales.public.trade t JOIN risk r ON t.id = r.id", "33.00");
        assertThat(
                        rows(
                                "SELECT schema_name, table_name, table_state, reason FROM svv_integration_table_state ORDER BY 2"))
                .containsExactly("public|keyless|Failed|it has no primary key", "public|trade|Synced|");
        assertThat(
                        rows(
                                "SELECT integration_id, target_database, state, total_tables_replicated, total_tables_failed FROM svv_integration"))
                .containsExactly("known|sales|CdcRefreshState|1|1");
        assertThat(rows("SELECT current_lag >= 0, creation_time <= getdate(), source_database FROM svv_integration"))
                .containsExactly("t|t|" + name);
        assertThat(rows("SELECT checkpoint_type, modified_tables FROM sys_integration_activity ORDER BY 1"))
                .containsExactly("cdc|1", "snapshot|1");
        assertThat(
                        rows(
                                "SELECT table_name, inserted_rows, updated_rows, deleted_rows FROM sys_integration_table_activity WHERE bytes_ingested > 0 ORDER BY 2"))
                .containsExactly("trade|0|1|0", "trade|2|0|0");
        try (var direct = connect("sales")) {
            assertThat(rows(direct, "SELECT count(*) FROM trade")).containsExactly("2");
        }
        assertAllFail("""
                INSERT INTO sales.public.trade VALUES (9, 9) | 25006 | database "sales" is read-only: it follows an integration
                DELETE FROM sales.public.trade | 25006 | read-only
                COPY sales.public.trade FROM 's3://b/p' IAM_ROLE 'arn' JOB CREATE j | 25006 | read-only
                """);
        try (var direct = connect("sales")) {
            for (var sql : List.of(
                    "TRUNCATE trade",
                    "ALTER TABLE trade ADD COLUMN x int",
                    "DROP TABLE trade",
                    "CREATE TABLE other(a int)",
                    "CREATE VIEW other AS SELECT 1 AS one",
                    "CREATE SCHEMA other")) {
                assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(() -> rows(direct, sql))
                        .satisfies(failure -> assertThat(failure.getSQLState())
                                .as("%s: %s", sql, failure.getMessage())
                                .isEqualTo("25006"));
            }
        }

        run("CREATE USER bob PASSWORD 'Secret1234'");
        run("GRANT SELECT ON ALL TABLES IN SCHEMA sales.public TO bob");
        try (var direct = connect("sales")) {
            assertThat(rows(direct, "SELECT has_table_privilege('bob', 'trade', 'select')"))
                    .containsExactly("t");
        }
        assertFails("CREATE DATABASE sales FROM INTEGRATION 'known'", "42P04", "already exists");
        assertThat(asked).noneMatch(one -> one.startsWith("ReleaseIntegration"));

        restart();
        source("DELETE FROM trade WHERE id = 2");
        await("SELECT id FROM sales.public.trade", "1");

        run("DROP DATABASE sales");
        assertThat(asked.getLast()).isEqualTo("ReleaseIntegration known sales");
        assertThat(rows("SELECT * FROM svv_integration")).isEmpty();
    }

    @Test
    void rows_are_copied_again_on_demand() throws Exception {
        run("CREATE DATABASE sales FROM INTEGRATION 'known'");
        await("SELECT count(*) FROM sales.public.trade", "2");
        try (var direct = connect("sales")) {
            try (var statement = direct.createStatement()) {
                statement.execute("ALTER DATABASE sales INTEGRATION REFRESH TABLES public.trade");
            }
        }
        source("INSERT INTO trade VALUES (3, 30)");
        await("SELECT count(*) FROM sales.public.trade", "3");
        assertAllFail("""
                ALTER DATABASE sales INTEGRATION REFRESH TABLES missing | 42P01 | has no table "missing" of its source
                ALTER DATABASE dev INTEGRATION REFRESH ALL TABLES | 3D000 | database "dev" is none of an integration
                """);
    }

    @Test
    void what_is_no_integration_makes_no_database() throws Exception {
        assertAllFail("""
                CREATE DATABASE sales FROM INTEGRATION 'other' | 42704 | integration other does not exist
                CREATE DATABASE sales FROM INTEGRATION known | 42601 | syntax error at or near "known"
                CREATE DATABASE sales FROM INTEGRATION 'known' SET HISTORY_MODE = true | 0A000 | CREATE DATABASE FROM INTEGRATION with SET is not supported
                """);
        assertThat(rows("SELECT datname FROM pg_database WHERE datname = 'sales'"))
                .isEmpty();
        assertFails("CREATE DATABASE dev FROM INTEGRATION 'known'", "42P04", "already exists");
        assertThat(asked.getLast()).isEqualTo("ReleaseIntegration known dev");
    }
}
