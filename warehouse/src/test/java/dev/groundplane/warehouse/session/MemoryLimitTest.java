package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryLimitTest {
    @TempDir
    Path directory;

    @Test
    void aQueryThatNeedsMoreMemoryAndDiskThanThereIsFailsAlone() throws Exception {
        try (var engine = Engine.open(directory, "dev", new EngineLimits(40_000_000, 1_000_000, 2));
                var client = new RawClient(TestServer.sessions(engine, directory))) {
            assertThat(client.query(
                            "SELECT count(*) FROM (SELECT DISTINCT md5(i::VARCHAR) FROM range(5000000) r(i)) x"))
                    .anyMatch(answer -> answer.startsWith("E") && answer.contains("53200"))
                    .endsWith("ZI");
            assertThat(client.query("SELECT 41 + 1")).contains("D42");
        }
    }
}
