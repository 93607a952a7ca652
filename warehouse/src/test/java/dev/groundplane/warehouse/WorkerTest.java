package dev.groundplane.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import dev.groundplane.warehouse.gateway.Gateway;
import dev.groundplane.warehouse.history.History;
import dev.groundplane.warehouse.history.Retention;
import dev.groundplane.warehouse.load.LoadHistory;
import dev.groundplane.warehouse.session.Sessions;
import dev.groundplane.warehouse.storage.FakeS3;
import dev.groundplane.warehouse.storage.Staging;
import dev.groundplane.warehouse.storage.Storage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
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
                history);
    }

    @AfterEach
    void close() throws Exception {
        history.close();
        engine.close();
    }

    private Worker worker(int port) {
        return new Worker(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), "token", sessions);
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
    void aWorkerStopsWhenItIsWantedAndTheProcessWaitsUntilAllIsClosed() throws Exception {
        var termination = new Termination();
        var signals =
                new FutureTask<?>[] {new FutureTask<>(termination::end, true), new FutureTask<>(termination::end, true)
                };
        for (var signal : signals) {
            Thread.ofPlatform().daemon().start(signal);
        }
        var worker = worker(1);
        termination.whenWanted(worker::stop);
        worker.run();
        assertThat(signals).noneMatch(FutureTask::isDone);
        termination.closed();
        for (var signal : signals) {
            signal.get();
        }
    }
}
