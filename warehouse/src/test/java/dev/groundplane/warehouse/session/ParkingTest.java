package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParkingTest {
    private static final short NONE = 0;
    private static final short ONE = 1;
    private static final int INTEGER = 23;

    @TempDir
    Path directory;

    private Engine engine;
    private Sessions sessions;
    private RawClient client;

    @BeforeEach
    void connect() throws Exception {
        engine = Engine.open(directory, "dev", new EngineLimits(500_000_000, 500_000_000, 2));
        sessions = TestServer.sessions(engine, directory);
        client = new RawClient(sessions);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        engine.close();
    }

    @Test
    void aSessionKeepsItsSettings() throws Exception {
        client.query("CREATE SCHEMA risk");
        client.query("CREATE TABLE risk.limits AS SELECT 7 AS i");
        client.query("SET search_path TO risk");
        client.query("SET timezone TO 'Asia/Tokyo'");
        client.query("SET my.own TO 'kept'");
        client.query("SET statement_timeout TO 1234");

        assertThat(client.park()).isTrue();

        assertThat(client.query("SELECT i FROM limits")).contains("D7");
        assertThat(client.query("SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00'::VARCHAR"))
                .anyMatch(row -> row.contains("09:00:00"));
        assertThat(client.query("SHOW my.own")).contains("Dkept");
        assertThat(client.query("SHOW statement_timeout")).contains("D1234");
        client.query("RESET search_path");
        assertThat(client.query("SELECT i FROM limits")).anyMatch(error -> error.contains("42P01"));
    }

    @Test
    void aSessionKnowsWhatItLoadedAndUnloadedLast() throws Exception {
        var asOwner = " ACCESS_KEY_ID 'owner' SECRET_ACCESS_KEY 's'";
        client.query("UNLOAD ('SELECT 7 UNION ALL SELECT 8') TO 's3://bucket/f' PARALLEL OFF" + asOwner);
        client.query("CREATE TABLE t(i INTEGER)");
        client.query("COPY t FROM 's3://bucket/f'" + asOwner);
        var last = "SELECT pg_last_copy_id() || ' ' || pg_last_copy_count() || ' ' || pg_last_unload_count()";
        var before = client.query(last);
        assertThat(before).anyMatch(message -> message.matches("D\\d+ 2 2"));

        assertThat(client.park()).isTrue();

        assertThat(client.query(last)).isEqualTo(before);
    }

    @Test
    void theClientIsToldNothingAndTheNextChangeOfASettingOnly() throws Exception {
        client.query("SET application_name TO 'a'");

        client.park();

        assertThat(client.query("SET application_name TO 'b'")).containsExactly("CSET", "Sapplication_name b", "ZI");
    }

    @Test
    void aSessionKeepsItsPreparedStatements() throws Exception {
        client.send('P', "named", "SELECT $1 + 40", ONE, INTEGER);
        client.send('P', "", "SELECT 'the unnamed one'", NONE);
        client.send('S');
        client.answers();

        assertThat(client.park()).isTrue();

        client.send('B', "", "named", NONE, ONE, 1, (byte) '2', NONE);
        client.send('E', "", 0);
        client.send('B', "", "", NONE, NONE, NONE);
        client.send('E', "", 0);
        client.send('S');
        assertThat(client.answers())
                .containsExactly("2", "D42", "CSELECT 1", "2", "Dthe unnamed one", "CSELECT 1", "ZI");
        client.send('P', "named", "SELECT 1", NONE);
        client.send('S');
        assertThat(client.answers()).anyMatch(error -> error.contains("42P05"));
    }

    @Test
    void aSessionCanBeParkedAgainAndAgain() throws Exception {
        client.query("SET query_group TO 'batch'");
        for (var i = 0; i < 5; i++) {
            assertThat(client.park()).isTrue();
        }
        assertThat(client.query("SHOW query_group")).contains("Dbatch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BEGIN", "BEGIN; SELECT 1/0", "CREATE TEMP TABLE mine(i INTEGER)"})
    void whatEndsWithItsConnectionKeepsASession(String script) throws Exception {
        client.query(script);

        assertThat(client.park()).isFalse();

        assertThat(client.query("ROLLBACK")).endsWith("ZI");
    }

    @Test
    void aSessionWithoutItsTemporaryTableCanBeParked() throws Exception {
        client.query("CREATE TEMP TABLE mine(i INTEGER)");
        assertThat(client.park()).isFalse();
        client.query("DROP TABLE mine");
        assertThat(client.park()).isTrue();
        assertThat(client.query("SELECT 1")).contains("D1");
    }

    @Test
    void aSeriesOfMessagesWithoutItsSyncKeepsASession() throws Exception {
        client.send('P', "", "SELECT 5", NONE);
        client.send('B', "", "", NONE, NONE, NONE);
        assertThat(client.park()).isFalse();
        client.send('E', "", 0);
        client.send('S');
        assertThat(client.answers()).containsExactly("1", "2", "D5", "CSELECT 1", "ZI");
    }

    @Test
    void aSessionWhoseSchemaHasGoneSaysSo() throws Exception {
        client.query("CREATE SCHEMA risk");
        client.query("SET search_path TO risk");
        client.park();
        try (var session = engine.session("dev")) {
            session.run("DROP SCHEMA risk");
        }
        assertThat(client.query("SELECT 1")).anyMatch(error -> error.contains("3F000"));
    }

    @Test
    void aParkedSessionIsItsUsersWhoeverHasTheName() throws Exception {
        client.query("CREATE USER bob PASSWORD DISABLE");
        try (var bob = new RawClient(sessions, "bob")) {
            bob.park();
            client.query("ALTER USER bob RENAME TO rob");
            client.query("CREATE USER bob CREATEUSER PASSWORD DISABLE");
            assertThat(bob.query("SELECT current_user")).contains("Drob");
            bob.park();
            client.query("DROP USER rob");
            assertThat(bob.refusal()).anyMatch(error -> error.contains("28000"));
        }
    }
}
