package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens between the description of a portal and its execution, which share a plan. */
final class DescribedPortalTest {
    private static final short NONE = 0;
    private static final byte PORTAL = 'P';

    @TempDir
    private Path directory;

    private Engine engine;
    private Sessions sessions;
    private RawClient client;
    private RawClient other;

    @BeforeEach
    void connect() throws Exception {
        engine = Engine.open(directory, "dev", new EngineLimits(500_000_000, 500_000_000, 2));
        sessions = TestServer.sessions(engine, directory);
        client = new RawClient(sessions);
        other = new RawClient(sessions);
        other.query("CREATE TABLE t AS SELECT 1::INTEGER AS i");
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        other.close();
        engine.close();
    }

    /** Sends all up to the description, and waits for it. */
    private static void describe(RawClient client, String sql) throws Exception {
        client.send('P', "", sql, NONE);
        client.send('B', "", "", NONE, NONE, NONE);
        client.send('D', PORTAL, "");
        client.send('H');
        for (var answer = ""; !answer.startsWith("T") && !answer.startsWith("n"); ) {
            answer = client.answer();
            assertThat(answer).isNotEmpty().doesNotStartWith("E");
        }
    }

    private static List<String> execute(RawClient client) throws Exception {
        client.send('E', "", 0);
        client.send('S');
        return client.answers();
    }

    @Test
    void whatIsDescribedIsExecuted() throws Exception {
        describe(client, "SELECT i FROM t");
        assertThat(execute(client)).containsExactly("D1", "CSELECT 1", "ZI");
        describe(client, "INSERT INTO t VALUES (2)");
        assertThat(execute(client)).containsExactly("CINSERT 0 1", "ZI");
        describe(client, "SELECT sum(i) FROM t");
        client.send('S');
        assertThat(client.answers()).containsExactly("ZI");
        assertThat(client.query("SELECT 5")).contains("D5");
    }

    @Test
    void rowsAreThoseOfTheExecution() throws Exception {
        describe(client, "SELECT i FROM t ORDER BY i");
        other.query("INSERT INTO t VALUES (2)");
        assertThat(execute(client)).containsExactly("D1", "D2", "CSELECT 2", "ZI");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE t; CREATE TABLE t AS SELECT 7::INTEGER AS i",
                "ALTER TABLE t RENAME TO old; CREATE TABLE t AS SELECT 7::INTEGER AS i",
                "DROP TABLE t; CREATE VIEW t AS SELECT 7::INTEGER AS i",
                "ALTER TABLE t ADD COLUMN s VARCHAR(7); UPDATE t SET i = 7",
                "TRUNCATE t; INSERT INTO t VALUES (7)"
            })
    void whatOthersHaveDefinedAnewIsRead(String script) throws Exception {
        describe(client, "SELECT i FROM t");
        assertThat(other.query(script)).noneMatch(answer -> answer.startsWith("E"));
        assertThat(execute(client)).containsExactly("D7", "CSELECT 1", "ZI");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE t ADD COLUMN s VARCHAR(7); ALTER TABLE t DROP COLUMN i",
                "DROP TABLE t",
                "DROP TABLE t; CREATE TABLE t AS SELECT 'seven'::VARCHAR AS i",
                "DROP TABLE t; CREATE TABLE t AS SELECT INTERVAL '1 day' AS i",
            })
    void whatOthersHaveMadeAnotherThingFails(String script) throws Exception {
        describe(client, "SELECT i FROM t");
        assertThat(other.query(script)).noneMatch(answer -> answer.startsWith("E"));
        var answers = execute(client);
        assertThat(answers).noneMatch(answer -> answer.startsWith("D") || answer.contains("XX000"));
        assertThat(answers).anyMatch(answer -> answer.startsWith("E"));
        assertThat(client.query("SELECT 5")).contains("D5");
    }

    @Test
    void whatTheUserMayNoLongerReadIsNotRead() throws Exception {
        other.query("CREATE USER bob PASSWORD 'Password1'");
        other.query("GRANT SELECT ON t TO bob");
        try (var bob = new RawClient(sessions, "bob")) {
            describe(bob, "SELECT i FROM t");
            other.query("REVOKE SELECT ON t FROM bob");
            assertThat(execute(bob)).anyMatch(answer -> answer.contains("42501"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET search_path TO elsewhere",
                "CREATE TEMP TABLE t AS SELECT 7::INTEGER AS i",
                "SET search_path TO elsewhere; SELECT * FROM missing"
            })
    void whatTheSessionDoesBetweenCounts(String script) throws Exception {
        client.query("CREATE SCHEMA elsewhere");
        client.query("CREATE TABLE elsewhere.t AS SELECT 7::INTEGER AS i");
        client.query("BEGIN"); // so the portal stays
        client.send('P', "named", "SELECT i FROM t", NONE);
        client.send('B', "portal", "named", NONE, NONE, NONE);
        client.send('D', PORTAL, "portal");
        client.send('S');
        client.answers();
        var last = new ArrayList<>(client.query(script)).getLast();
        client.send('E', "portal", 0);
        client.send('S');
        assertThat(client.answers()).anyMatch(answer -> answer.equals(last.equals("ZE") ? "ZE" : "D7"));
    }

    @Test
    void theLastQuerysNumberIsThatOfTheExecution() throws Exception {
        describe(client, "SELECT pg_last_query_id()");
        var first = execute(client).getFirst();
        describe(client, "SELECT pg_last_query_id() <> -1");
        assertThat(execute(client)).contains("Df");
        client.query("SELECT 1");
        describe(client, "SELECT pg_last_query_id() <> -1");
        assertThat(execute(client)).contains("Dt");
        assertThat(first).isEqualTo("D-1");
    }

    @Test
    void aGroupOfQueriesIsThatOfTheExecution() throws Exception {
        client.query("SET query_group TO 'night'");
        describe(client, "SELECT 'in a group'");
        execute(client);
        assertThat(other.query(
                        "SELECT trim(query_label) FROM sys_query_history WHERE query_text = 'SELECT ''in a group'''"))
                .contains("Dnight", "CSELECT 1");
    }

    @Test
    void anIdentitysOwnValueIsRefused() throws Exception {
        other.query("CREATE TABLE counted(id BIGINT IDENTITY(1,1), s VARCHAR(5))");
        describe(client, "INSERT INTO counted VALUES (7, 'a')");
        assertThat(execute(client)).anyMatch(answer -> answer.contains("0A000"));
    }

    @Test
    void policiesThatCameAfterTheDescriptionHold() throws Exception {
        other.query("CREATE USER bob PASSWORD 'Password1'");
        other.query("GRANT SELECT ON t TO bob");
        other.query("CREATE RLS POLICY nobody USING (false)");
        other.query("CREATE MASKING POLICY zero WITH (i INTEGER) USING (0)");
        try (var bob = new RawClient(sessions, "bob")) {
            describe(bob, "SELECT i FROM t");
            other.query("ATTACH MASKING POLICY zero ON t(i) TO PUBLIC");
            assertThat(execute(bob)).containsExactly("D0", "CSELECT 1", "ZI");
            describe(bob, "SELECT i FROM t");
            other.query("ATTACH RLS POLICY nobody ON t TO PUBLIC");
            other.query("ALTER TABLE t ROW LEVEL SECURITY ON");
            assertThat(execute(bob)).containsExactly("CSELECT 0", "ZI");
        }
    }
}
