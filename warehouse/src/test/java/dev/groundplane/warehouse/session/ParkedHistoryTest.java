package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What history knows of a session that was put aside. */
final class ParkedHistoryTest {
    @TempDir
    private Path directory;

    @Test
    void aParkedSessionIsTheSameAfterwards() throws Exception {
        try (var engine = Engine.open(directory, "dev", new EngineLimits(500_000_000, 500_000_000, 2));
                var client = new RawClient(TestServer.sessions(engine, directory))) {
            client.query("SELECT 7 AS seven");

            assertThat(client.park()).isTrue();

            assertThat(client.query("SELECT text FROM stl_querytext WHERE query = pg_last_query_id()"))
                    .contains("DSELECT 7 AS seven");
            assertThat(client.query("SELECT status FROM sys_session_history")).contains("Dactive", "CSELECT 1");
            assertThat(client.query("SELECT count(*) FROM stv_sessions")).contains("D1");
            assertThat(client.query("SELECT event FROM sys_connection_log"))
                    .contains("Dinitiating session", "CSELECT 1");
        }
    }
}
