package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;

/** The server as PostgreSQL's own JDBC driver sees it. */
class SessionsTest {
    private static final String ENDLESS =
            "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range * b.range % 7 = 3";

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(directory, null);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private Connection connect(String user, String password, String database, String... more) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        for (var i = 0; i < more.length; i += 2) {
            properties.setProperty(more[i], more[i + 1]);
        }
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/%s".formatted(server.port(), database), properties);
    }

    private Connection connect() throws SQLException {
        return connect("admin", "secret", "dev");
    }

    private static List<List<String>> rows(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            var rows = new ArrayList<List<String>>();
            while (result.next()) {
                var row = new ArrayList<String>();
                for (var i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    private static int update(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static void assertState(String state, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(call)
                .satisfies(failure -> assertThat(failure.getSQLState())
                        .as(failure.getMessage())
                        .isEqualTo(state));
    }

    @Test
    void tablesKeepRowsBetweenSessions() throws Exception {
        try (var first = connect()) {
            update(first, "CREATE TABLE trade(id INTEGER, amount NUMERIC(18,4), day DATE)");
            assertThat(update(first, "INSERT INTO trade VALUES (1, 10.5, '2024-01-02'), (2, NULL, '2024-01-03')"))
                    .isEqualTo(2);
        }
        try (var second = connect()) {
            assertThat(rows(second, "SELECT * FROM trade ORDER BY id"))
                    .containsExactly(
                            List.of("1", "10.5000", "2024-01-02"), java.util.Arrays.asList("2", null, "2024-01-03"));
        }
    }

    @Test
    void everyTypeIsTheSameInTextAndInBinary() throws Exception {
        var sql =
                "SELECT true, 7::smallint, -7, 9000000000, 1.5::real, -2.25::double precision, 12345.6789::numeric(18,4),"
                        + " 'é'::varchar, date '1999-12-31', time '10:00:00.5', timestamp '2024-02-29 10:00:00.123456',"
                        + " timestamptz '2024-02-29 10:00:00+02', 0.0001::numeric(10,4), -10000::numeric(10,0), NULL::integer";
        try (var text = connect("admin", "secret", "dev", "binaryTransfer", "false");
                var binary = connect("admin", "secret", "dev", "prepareThreshold", "-1")) {
            try (var one = text.prepareStatement(sql);
                    var other = binary.prepareStatement(sql);
                    var expected = one.executeQuery();
                    var found = other.executeQuery()) {
                assertThat(expected.next()).isTrue();
                assertThat(found.next()).isTrue();
                for (var i = 1; i <= expected.getMetaData().getColumnCount(); i++) {
                    assertThat(found.getObject(i)).isEqualTo(expected.getObject(i));
                }
                assertThat(found.getObject(7)).isEqualTo(new BigDecimal("12345.6789"));
                assertThat(found.getString(8)).isEqualTo("é");
                assertThat(found.getObject(9, LocalDate.class)).isEqualTo("1999-12-31");
                assertThat(found.getTimestamp(12).toInstant()).isEqualTo("2024-02-29T08:00:00Z");
                assertThat(found.getObject(15)).isNull();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "extended"})
    void theEndOfTheDayIsATime(String mode) throws Exception {
        try (var connection = connect("admin", "secret", "dev", "preferQueryMode", mode, "prepareThreshold", "-1")) {
            assertThat(rows(connection, "SELECT TIME '24:00:00', TIME '23:59:59.5', NULL::TIME"))
                    .containsExactly(java.util.Arrays.asList("24:00:00", "23:59:59.5", null));
        }
    }

    @Test
    void datesFarAwayAreAsPostgresqlWritesThem() throws Exception {
        try (var connection = connect("admin", "secret", "dev", "preferQueryMode", "simple")) {
            assertThat(rows(
                            connection,
                            "SELECT DATE '10000-01-02', DATE '0044-03-15 BC', TIMESTAMP '0044-03-15 12:00:00.05 BC'"))
                    .containsExactly(List.of("10000-01-02", "0044-03-15 BC", "0044-03-15 12:00:00.05 BC"));
        }
    }

    /** The engine's driver has no value for the last one. */
    @Test
    void aRowWhoseLastValueCannotBeToldLeavesTheProtocolWhole() throws Exception {
        try (var connection = connect()) {
            assertState(
                    "22008",
                    () -> rows(
                            connection,
                            "SELECT i, CASE WHEN i = 3 THEN TIMETZ '24:00:00+00' ELSE TIMETZ '01:00:00+00' END"
                                    + " FROM generate_series(1, 5) AS g(i)"));
            assertThat(rows(connection, "SELECT 1")).containsExactly(List.of("1"));
        }
    }

    @Test
    void parametersOfAllKindsAreBound() throws Exception {
        try (var connection = connect()) {
            update(
                    connection,
                    "CREATE TABLE t(i INTEGER, l BIGINT, n NUMERIC(20,3), s VARCHAR(40), d DATE, ts TIMESTAMP, b BOOLEAN)");
            try (var insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)")) {
                for (var i = 0; i < 10; i++) { // from the fifth on, the driver sends binary values
                    insert.setInt(1, i);
                    insert.setLong(2, 1L << 40);
                    insert.setBigDecimal(3, new BigDecimal("-1.125"));
                    insert.setString(4, "it's \\ $1 ; --");
                    insert.setDate(5, java.sql.Date.valueOf("2024-03-01"));
                    insert.setTimestamp(6, Timestamp.valueOf("2024-03-01 01:02:03.5"));
                    insert.setBoolean(7, true);
                    assertThat(insert.executeUpdate()).isEqualTo(1);
                }
            }
            assertThat(rows(connection, "SELECT DISTINCT l, n, s, d, ts, b FROM t"))
                    .containsExactly(List.of(
                            "1099511627776", "-1.125", "it's \\ $1 ; --", "2024-03-01", "2024-03-01 01:02:03.5", "t"));
            try (var query = connection.prepareStatement("SELECT count(*) FROM t WHERE i < ? AND s LIKE ?")) {
                query.setInt(1, 4);
                query.setString(2, "it%");
                try (var result = query.executeQuery()) {
                    assertThat(result.next()).isTrue();
                    assertThat(result.getLong(1)).isEqualTo(4);
                }
            }
        }
    }

    @Test
    void aFailedTransactionRefusesAllUntilItsEndAndSavesNothing() throws Exception {
        try (var connection = connect()) {
            update(connection, "CREATE TABLE t(i INTEGER)");
            connection.setAutoCommit(false);
            update(connection, "INSERT INTO t VALUES (1)");
            assertState("22012", () -> rows(connection, "SELECT 1/0"));
            assertState("25P02", () -> rows(connection, "SELECT 1"));
            connection.commit();
            assertThat(rows(connection, "SELECT count(*) FROM t")).containsExactly(List.of("0"));
        }
    }

    @Test
    void statementsOfOneScriptAreCarriedOutTogetherOrNotAtAll() throws Exception {
        try (var connection = connect("admin", "secret", "dev", "preferQueryMode", "simple")) {
            update(connection, "CREATE TABLE t(i INTEGER)");
            assertState("42P01", () -> update(connection, "INSERT INTO t VALUES (1); INSERT INTO nowhere VALUES (2)"));
            assertThat(rows(connection, "SELECT count(*) FROM t")).containsExactly(List.of("0"));
        }
    }

    @Test
    void rowsComeInPortionsWhereTheClientWantsThat() throws Exception {
        try (var connection = connect()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.setFetchSize(1000);
                try (var result = statement.executeQuery("SELECT range::integer FROM range(10500)")) {
                    var sum = 0L;
                    while (result.next()) {
                        sum += result.getInt(1);
                    }
                    assertThat(sum).isEqualTo(10499L * 10500 / 2);
                }
            }
        }
    }

    @Test
    void aRunningQueryIsCancelled() throws Exception {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            var driver = connection.unwrap(BaseConnection.class);
            var over = new AtomicBoolean();
            // A request to cancel that comes before the query does nothing, so it is made again and again.
            var cancelling = CompletableFuture.runAsync(() -> {
                try {
                    while (!over.get()) {
                        driver.cancelQuery();
                    }
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertState("57014", () -> statement.executeQuery(ENDLESS));
            over.set(true);
            cancelling.join();
        }
    }

    @Test
    void wrongPasswordsAndUnknownUsersAreToldTheSame() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> connect("admin", "wrong", "dev"))
                .withMessageContaining("password authentication failed for user \"admin\"");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> connect("nobody", "secret", "dev"))
                .withMessageContaining("password authentication failed for user \"nobody\"");
        assertState("3D000", () -> connect("admin", "secret", "nowhere"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SELECT * FROM nowhere              | 42P01 | relation "nowhere" does not exist
            SELECT nothing FROM (SELECT 1 AS a) b | 42703 | column "nothing" does not exist
            SELEC 1                            | 42601 | syntax error at or near "SELEC"
            SELECT no_such_function(1)         | 42883 | no_such_function
            SELECT 'x'::integer                | 22P02 | 'x'
            SELECT 1/0                         | 22012 | division by zero
            SELECT * FROM read_text('/etc/passwd') | 42501 | permission denied for function read_text
            COPY t TO '/tmp/t.csv'             | 0A000 | UNLOAD
            ATTACH '/tmp/other.duckdb' AS other | 0A000 | ATTACH is not supported
            PRAGMA memory_limit = '1TB'        | 0A000 | PRAGMA is not supported
            CREATE SECRET s (TYPE s3)          | 0A000 | CREATE SECRET is not supported
            SET nothing TO 1                   | 42704 | unrecognized configuration parameter "nothing"
            SET enable_case_sensitive_identifier TO on | 22023 | Use off
            SET search_path TO nowhere         | 3F000 | schema "nowhere" does not exist
            SHOW nothing                       | 42704 | unrecognized configuration parameter
            SET timezone TO 'Mars'             | 22023 | Mars
            """)
    void errorsHavePostgresqlsCodesAndWords(String sql, String state, String words) throws Exception {
        try (var connection = connect("admin", "secret", "dev", "preferQueryMode", "simple")) {
            assertState(state, () -> rows(connection, sql));
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> rows(connection, sql))
                    .withMessageContaining(words);
            assertThat(rows(connection, "SELECT 1")).containsExactly(List.of("1"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SELECT 7/2                                     | 3
            SELECT NVL(NULL, 5)                            | 5
            SELECT TOP 2 range FROM range(10) ORDER BY range DESC | 9
            SELECT 1 MINUS SELECT 2                        | 1
            SELECT 'a\\'b'                                 | a'b
            SELECT $$it's$$                                | it's
            SELECT 'abc'::varchar(max)                     | abc
            SELECT /* a /* nested */ comment */ 1 -- end   | 1
            SELECT dateadd(day, 1, date '2024-02-28')::date | 2024-02-29
            SELECT date_add('month', 1, date '2024-01-31')::date | 2024-02-29
            SELECT trunc(1.75)                             | 1
            SELECT datediff(month, date '2024-01-31', date '2024-03-01') | 2
            SELECT add_months(date '2024-02-29', 1)::date  | 2024-03-31
            SELECT convert_timezone('Europe/London', timestamp '2024-07-01 10:00:00') | 2024-07-01 11:00:00
            SELECT nvl2(NULL, 1, 2)                        | 2
            SELECT strtol('ff', 16)                        | 255
            SELECT charindex('b', 'abc')                   | 2
            SELECT count(*) FROM svv_all_schemas WHERE schema_name = 'public' | 1
            SELECT date_trunc(month, date '2024-05-06')::date | 2024-05-01
            """)
    void redshiftsSqlIsUnderstood(String sql, String first) throws Exception {
        try (var connection = connect()) {
            assertThat(rows(connection, sql).getFirst()).containsExactly(first);
        }
    }

    @Test
    void theSearchPathSaysWhereNamesAreLookedForAndTablesMade() throws Exception {
        try (var connection = connect()) {
            update(connection, "CREATE SCHEMA risk");
            update(connection, "SET search_path TO risk, public");
            update(connection, "CREATE TABLE t AS SELECT 1 AS i");
            assertThat(rows(connection, "SELECT i FROM risk.t")).containsExactly(List.of("1"));
            assertThat(rows(connection, "SELECT nvl2(i, 'found', '') FROM t")).containsExactly(List.of("found"));
            update(connection, "RESET search_path");
            assertState("42P01", () -> rows(connection, "SELECT i FROM t"));
        }
    }

    @Test
    void aStatementWhoseTimeIsOverIsCancelledAndTheNextIsNot() throws Exception {
        try (var connection = connect()) {
            update(connection, "SET statement_timeout TO 1000"); // more than the next takes on a busy machine
            assertState("57014", () -> rows(connection, ENDLESS));
            assertThat(rows(connection, "SELECT 1")).containsExactly(List.of("1"));
        }
    }

    @Test
    void timestampsAreShownInTheZoneThatTheDriverBeginsWith() throws Exception {
        var zone = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo")); // which the driver sends
        try (var connection = connect()) {
            assertThat(rows(connection, "SELECT timestamptz '2024-02-29 10:00:00+00'"))
                    .containsExactly(List.of("2024-02-29 19:00:00+09"));
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void settingsAreKeptAndTold() throws Exception {
        try (var connection = connect()) {
            update(connection, "SET query_group TO 'nightly'");
            assertThat(rows(connection, "SHOW query_group")).containsExactly(List.of("nightly"));
            update(connection, "SET TIME ZONE 'Europe/London'");
            assertThat(connection.unwrap(PGConnection.class).getParameterStatus("TimeZone"))
                    .isEqualTo("Europe/London");
            update(connection, "RESET ALL");
            assertThat(rows(connection, "SHOW query_group")).containsExactly(List.of("default"));
        }
    }
}
