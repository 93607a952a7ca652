package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.pgwire.MessageInput;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of sessions whose clients are silent. */
final class TerminationTest {
    @TempDir
    private Path directory;

    @Test
    void aSilentClientIsToldThatItsTimeIsOver() throws Exception {
        var told = new ByteArrayOutputStream();
        try (var engine = Engine.open(directory, "dev", new EngineLimits(100_000_000, 100_000_000, 1));
                var session = engine.session("dev");
                var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                var served = listener.accept();
                var timer = Executors.newSingleThreadScheduledExecutor()) {
            var termination = new Termination(
                    served.getInputStream(), new MessageOutput(told), session, timer, Duration.ofMillis(20));

            assertThat(client.isConnected()).isTrue();
            assertThat(termination.next(new MessageInput(served.getInputStream(), 1000)))
                    .isNull();
            assertThat(termination.isTimedOut()).isTrue();
            assertThat(told.toString(StandardCharsets.UTF_8)).contains("57P05", "idle session timeout");
        }
    }
}
