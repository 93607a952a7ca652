package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.Parking;
import dev.groundplane.pgwire.StartupPacket.Startup;
import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
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

    @Test
    void aSessionWhoseStateNobodyTakesHasEnded() throws Exception {
        var gone = new Idleness() {
            @Override
            public void parked(byte[] state) throws IOException {
                throw new IOException("the gateway has gone");
            }

            @Override
            public void stays() {
                throw new AssertionError("it can be parked");
            }
        };
        try (var engine = Engine.open(directory, "dev", new EngineLimits(500_000_000, 500_000_000, 2))) {
            var sessions = TestServer.sessions(engine, directory);
            var startup = new Startup(0, Map.of("user", "admin", "database", "dev"));
            var output = new MessageOutput(OutputStream.nullOutputStream());
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(
                            () -> sessions.serve(startup, new ByteArrayInputStream(Parking.request()), output, gone));

            try (var client = new RawClient(sessions)) {
                assertThat(client.query("SELECT status, count(*) FROM sys_session_history GROUP BY status ORDER BY 1"))
                        .contains("Dactive 1", "Dclosed 1");
                assertThat(client.query("SELECT count(*) FROM sys_connection_log WHERE event LIKE 'disconnecting%'"))
                        .contains("D1");
            }
        }
    }
}
