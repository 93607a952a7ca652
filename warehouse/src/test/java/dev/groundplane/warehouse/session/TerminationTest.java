package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.groundplane.pgwire.FrontendMessage;
import dev.groundplane.pgwire.MessageInput;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.QueryCancelled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The end of sessions from outside. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TerminationTest {
    private static final Report REASON = Report.fatal(SqlState.ADMIN_SHUTDOWN, "the reason");

    private static final Duration LONG = Duration.ofDays(1);

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private Engine engine;
    private EngineSession session;
    private Socket client;
    private Socket served;

    @BeforeEach
    void open() throws Exception {
        engine = Engine.open(directory, "dev", new EngineLimits(100_000_000, 100_000_000, 1));
        session = engine.session("dev");
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            client = new Socket(listener.getInetAddress(), listener.getLocalPort());
            served = listener.accept();
        }
    }

    @AfterEach
    void close() throws Exception {
        timer.shutdownNow();
        client.close();
        served.close();
        session.close();
        engine.close();
    }

    private Termination termination(Duration timeout) throws Exception {
        return new Termination(served.getInputStream(), new MessageOutput(told), session, timer, timeout, LONG);
    }

    private MessageInput input() throws Exception {
        return new MessageInput(served.getInputStream(), 1000);
    }

    @Test
    void aSilentClientIsToldThatItsTimeIsOver() throws Exception {
        var termination = termination(Duration.ofMillis(20));

        assertThat(termination.next(input(), true)).isNull();

        assertThat(termination.isTimedOut()).isTrue();
        assertThat(told.toString(StandardCharsets.UTF_8)).contains("57P05", "idle session timeout");
    }

    @Test
    void aMessageThatWasJustReadIsNotCarriedOut() throws Exception {
        var termination = termination(Duration.ZERO);
        client.getOutputStream().write(new byte[] {'S', 0, 0, 0, 4});
        assertThat(termination.next(input(), true)).isInstanceOf(FrontendMessage.Sync.class);

        termination.terminate(REASON);

        assertThatExceptionOfType(QueryCancelled.class).isThrownBy(session::requireGoing);
        assertThat(session.cancelReason()).isEqualTo("the reason");
        assertThat(termination.next(input(), true)).isNull();
        assertThat(told.toString(StandardCharsets.UTF_8)).contains("57P01", "the reason");
    }

    @Test
    void whatASessionRunsIsBrokenOffAgainWhenItIsTerminatedAgain() throws Exception {
        var termination = termination(Duration.ZERO);
        session.beginRequest();
        termination.terminate(REASON);
        session.beginRequest(); // as after a limit of the workgroup's

        termination.terminate(REASON);

        assertThatExceptionOfType(QueryCancelled.class).isThrownBy(session::requireGoing);
    }

    @Test
    void aSessionThatHasLeftIsNotTerminatedAndOneThatIsTerminatedDoesNotLeave() throws Exception {
        var leaving = termination(Duration.ZERO);
        assertThat(leaving.leave()).isTrue();
        assertThat(leaving.terminate(REASON)).isFalse();

        var ending = termination(Duration.ZERO);
        assertThat(ending.terminate(REASON)).isTrue();
        assertThat(ending.leave()).isFalse();
    }

    /** A connection whose client neither says nor reads anything. */
    private static final class Stuck extends InputStream {
        private final CountDownLatch reading = new CountDownLatch(1);
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public int read() throws IOException {
            reading.countDown();
            awaitClose();
            return -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
        }

        private OutputStream output() {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    awaitClose();
                    throw new IOException("closed");
                }
            };
        }

        private void awaitClose() throws IOException {
            try {
                closed.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    private Termination hasty(Stuck connection) {
        return new Termination(
                connection,
                new MessageOutput(connection.output()),
                session,
                timer,
                Duration.ZERO,
                Duration.ofMillis(20));
    }

    @Test
    void aClientThatDoesNotTakeItsRowsIsCutOff() throws Exception {
        var connection = new Stuck();
        var termination = hasty(connection);

        termination.terminate(REASON);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> connection.output().write(0));
        assertThat(termination.next(new MessageInput(connection, 1000), true)).isNull();
    }

    @Test
    void aClientThatDoesNotTakeItsFarewellIsCutOffAndKeepsNobodyElseWaiting() throws Exception {
        var connection = new Stuck();
        var termination = hasty(connection);
        var next = new FutureTask<>(() -> termination.next(new MessageInput(connection, 1000), true));
        Thread.startVirtualThread(next);
        connection.reading.await();

        termination.terminate(REASON);

        assertThat(next.get()).isNull();
    }
}
