package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParameterInferenceTest {
    private static final short NONE = 0;
    /** The last byte of DATE's OID is a printable character, and that of VARCHAR's is none. */
    private static final String DATE = "t:";

    private static final String VARCHAR = "t";

    @TempDir
    Path directory;

    /** What a client is told of a statement with a parameter. */
    private static String described(RawClient client, String sql) throws Exception {
        client.send('P', "", sql, NONE);
        client.send('D', (byte) 'S', "");
        client.send('S');
        return client.answers().stream()
                .filter(message -> message.startsWith("t"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void onlyWhoMayReadATableLearnsTheTypesOfItsColumns() throws Exception {
        try (var engine = Engine.open(directory, "dev", new EngineLimits(500_000_000, 500_000_000, 2))) {
            var sessions = TestServer.sessions(engine, directory);
            try (var admin = new RawClient(sessions)) {
                admin.query("CREATE USER bob PASSWORD 'Password1'");
                admin.query("CREATE TABLE pay AS SELECT date '2024-01-02' AS day");
                try (var bob = new RawClient(sessions, "bob")) {
                    var query = "SELECT 1 FROM pay WHERE day > $1";
                    assertThat(described(admin, query)).isEqualTo(DATE);
                    assertThat(described(bob, query)).isEqualTo(VARCHAR);
                    admin.query("GRANT SELECT ON pay TO bob");
                    assertThat(described(bob, query)).isEqualTo(DATE);
                }
            }
        }
    }
}
