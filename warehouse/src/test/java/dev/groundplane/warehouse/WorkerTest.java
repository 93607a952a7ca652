package dev.groundplane.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.pgwire.CheckpointHold;
import dev.groundplane.pgwire.Parking;
import dev.groundplane.pgwire.WorkerMessage;
import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import dev.groundplane.warehouse.gateway.Gateway;
import dev.groundplane.warehouse.history.History;
import dev.groundplane.warehouse.history.Retention;
import dev.groundplane.warehouse.load.LoadHistory;
import dev.groundplane.warehouse.replication.Replications;
import dev.groundplane.warehouse.session.Sessions;
import dev.groundplane.warehouse.storage.FakeS3;
import dev.groundplane.warehouse.storage.Staging;
import dev.groundplane.warehouse.storage.Storage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker ends when it is told to, whatever it does then. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerTest {
    @TempDir
    Path directory;

    private Engine engine;
    private History history;
    private Sessions sessions;

    @BeforeEach
    void open() throws Exception {
        engine = Engine.open(directory, "dev", new EngineLimits(500_000_000, 500_000_000, 1));
        Gateway gateway = (operation, members) -> {
            throw new AssertionError("nobody asks for " + operation);
        };
        var staging = new Staging(directory.resolve(Engine.STAGING), 1 << 20);
        history = new History(engine.session("dev"), Retention.STANDARD);
        sessions = new Sessions(
                engine,
                gateway,
                new Storage(gateway, new FakeS3(), staging),
                new LoadHistory(engine.session("dev")),
                new Replications(engine, gateway, staging),
                history);
    }

    @AfterEach
    void close() throws Exception {
        history.close();
        engine.close();
    }

    private Worker worker(int port) {
        return worker(port, Worker.Patience.STANDARD);
    }

    private Worker worker(int port, Worker.Patience patience) {
        return new Worker(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), "token", sessions, patience);
    }

    private static FutureTask<Boolean> started(Worker worker) {
        var running = new FutureTask<>(() -> {
            worker.run();
            return true;
        });
        Thread.ofPlatform().daemon().start(running);
        return running;
    }

    @Test
    void aWorkerThatWasStoppedBeforeDoesNotBegin() throws Exception {
        var worker = worker(1);
        worker.stop();
        worker.stop();
        worker.run();
    }

    @Test
    void aWorkerThatServesStops() throws Exception {
        try (var gateway = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var worker = worker(gateway.getLocalPort());
            var running = started(worker);
            try (var control = gateway.accept()) {
                assertThat(control.getInputStream().read()).isNotNegative();
                worker.stop();
                assertThat(running.get()).isTrue();
            }
        }
    }

    @Test
    void aWorkerWhoseGatewayIsAwayStops() throws Exception {
        int port;
        try (var gateway = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gateway.getLocalPort();
        }
        var worker = worker(port);
        var running = started(worker);
        worker.stop();
        assertThat(running.get()).isTrue();
    }

    @Test
    void aWorkerWhoseGatewayStaysAwayEnds() throws Exception {
        worker(1, new Worker.Patience(Duration.ofMillis(100), Duration.ofDays(1)))
                .run();
    }

    /** Accepts a connection of the worker's, and what it says of itself. */
    private static Socket connection(ServerSocket gateway) throws IOException {
        var accepted = gateway.accept();
        var input = new DataInputStream(accepted.getInputStream());
        input.readNBytes(input.readInt() - Integer.BYTES);
        return accepted;
    }

    /** Asks the worker for a connection. */
    private static Socket session(ServerSocket gateway, Socket control, long number) throws IOException {
        new DataOutputStream(control.getOutputStream()).writeLong(number);
        return connection(gateway);
    }

    @Test
    void aGatewayThatAsksASessionThatEndsIsAnswered() throws Exception {
        try (var gateway = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
            var worker = worker(gateway.getLocalPort());
            var running = started(worker);
            try (var control = connection(gateway);
                    var session = session(gateway, control, 7)) {
                session.getOutputStream().write(Parking.restore("no state".getBytes(StandardCharsets.US_ASCII)));
                session.getOutputStream().write(Parking.request());

                assertThat(Parking.Answer.read(new DataInputStream(control.getInputStream())))
                        .isEqualTo(new Parking.Answer(7, Optional.empty()));
                worker.stop();
                assertThat(running.get()).isTrue();
            }
        }
    }

    @Test
    void aCopyThatNeverEndsIsGivenUp() throws Exception {
        try (var gateway = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
            var worker =
                    worker(gateway.getLocalPort(), new Worker.Patience(Duration.ofDays(1), Duration.ofMillis(100)));
            var running = started(worker);
            try (var control = connection(gateway);
                    var hold = session(gateway, control, 1)) {
                hold.getOutputStream().write(CheckpointHold.request());

                assertThat(WorkerMessage.read(hold.getInputStream())).asString().isEqualTo("[\"dev\"]");
                assertThat(hold.getInputStream().read()).isEqualTo(-1);
                worker.stop();
                assertThat(running.get()).isTrue();
            }
        }
    }

    @Test
    void aWorkerStopsWhenItIsWantedAndTheProcessWaitsUntilAllIsClosed() throws Exception {
        var shutdown = new Shutdown();
        var signals =
                new FutureTask<?>[] {new FutureTask<>(shutdown::end, true), new FutureTask<>(shutdown::end, true)};
        for (var signal : signals) {
            Thread.ofPlatform().daemon().start(signal);
        }
        var worker = worker(1);
        shutdown.whenWanted(worker::stop);
        worker.run();
        assertThat(signals).noneMatch(FutureTask::isDone);
        shutdown.closed();
        for (var signal : signals) {
            signal.get();
        }
    }
}
