package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerlessUsageTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Engine engine;
    private Sessions sessions;
    private RawClient client;
    private volatile boolean refused;
    private volatile JsonNode usage = JSON.createObjectNode();

    @BeforeEach
    void connect() throws Exception {
        engine = Engine.open(directory, "dev", new EngineLimits(500_000_000, 500_000_000, 2));
        sessions = TestServer.sessions(engine, directory, (operation, members) -> {
            assertThat(operation).isEqualTo("ServerlessUsage");
            if (refused) {
                throw SqlFailure.of(SqlState.CONNECTION_FAILURE, "nobody there");
            }
            return usage;
        });
        client = new RawClient(sessions);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        engine.close();
    }

    @Test
    void aQueryThatNamesTheViewSeesWhatWasRecorded() throws Exception {
        var query = "SELECT start_time || ' ' || compute_seconds || ' ' || compute_capacity || ' ' || charged_seconds"
                + " FROM sys_serverless_usage";
        assertThat(client.query(query)).contains("CSELECT 0");
        usage = JSON.readTree(
                "{\"periods\": [{\"start\": 1768478400000, \"end\": 1768478460000, \"computeSeconds\": 480,"
                        + " \"capacity\": 8, \"storageMegabytes\": 3}]}");
        for (var i = 0; i < 2; i++) {
            assertThat(client.query(query))
                    .anyMatch(row -> row.endsWith("2026-01-15 12:00:00 480.0 8.0 480"))
                    .contains("CSELECT 1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM mine",
                "CREATE TABLE made AS SELECT * FROM sys_serverless_usage; SELECT charged_seconds FROM made",
                "INSERT INTO kept SELECT charged_seconds FROM sys_serverless_usage; SELECT * FROM kept",
                "BEGIN; DECLARE c CURSOR FOR SELECT charged_seconds FROM sys_serverless_usage; FETCH ALL FROM c; COMMIT",
                "PREPARE p AS SELECT charged_seconds FROM sys_serverless_usage; EXECUTE p"
            })
    void whateverReadsTheViewSeesWhatIsRecordedThen(String script) throws Exception {
        client.query("CREATE VIEW mine AS SELECT charged_seconds FROM sys_serverless_usage");
        client.query("CREATE TABLE kept(i INTEGER)");
        usage = JSON.readTree("{\"periods\": [{\"start\": 1, \"end\": 2, \"computeSeconds\": 480, \"capacity\": 8}]}");
        assertThat(client.query(script)).anyMatch(row -> row.equals("D480"));
    }

    @Test
    void aControlPlaneThatDoesNotAnswerFailsTheQuery() throws Exception {
        refused = true;
        assertThat(client.query("SELECT * FROM sys_serverless_usage"))
                .anyMatch(error -> error.contains("08006") && error.contains("nobody there"))
                .endsWith("ZI");
    }

    @Test
    void aReachedLimitRefusesQueriesButEndsTransactions() throws Exception {
        client.query("BEGIN");
        client.query("CREATE TABLE t(i INTEGER)");
        sessions.refuseQueries(true);
        assertThat(client.query("COMMIT")).contains("CCOMMIT");
        assertThat(client.query("SELECT 1")).anyMatch(error -> error.contains("53400"));
        sessions.refuseQueries(false);
        assertThat(client.query("SELECT count(*) FROM t")).contains("D0");
    }
}
