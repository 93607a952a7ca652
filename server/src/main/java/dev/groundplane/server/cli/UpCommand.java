package dev.groundplane.server.cli;

import dev.groundplane.server.ControlPlane;
import dev.groundplane.server.http.Listener;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.local.Detached;
import dev.groundplane.server.local.Home;
import dev.groundplane.server.local.LocalAgent;
import dev.groundplane.server.local.StoreLocation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the control plane and the agent of this machine. */
@Command(
        name = "up",
        description = "Start the control plane and an agent on this machine.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    private static final Duration AGENT_PATIENCE = Duration.ofSeconds(30);

    @Mixin
    private DataOption data;

    @Option(names = "--detach", description = "return when calls are answered and the agent is ACTIVE")
    private boolean detach;

    @Option(names = "--port", defaultValue = "4566", description = "port on loopback (default: ${DEFAULT-VALUE})")
    private int port;

    @Mixin
    private ListenOptions listen;

    @Mixin
    private HostLostOption hostLost;

    @Mixin
    private DatabaseOptions database;

    @Override
    public Integer call() throws InterruptedException {
        DataDirectory directory = data.directory();
        List<Listener> listeners = listen.listeners();
        Duration hostLostAfter = hostLost.duration();
        Optional<StoreLocation> location = database.location(directory);
        listeners.stream()
                .filter(Listener::exposed)
                .forEach(listener -> System.err.println(
                        "groundplane: %s is not encrypted: whoever is on the way can read what passes, credentials of"
                                        .formatted(listener.url(port))
                                + " hosts included; --tls-certificate and --tls-key change that"));
        if (detach) {
            List<String> options = Stream.of(listen.arguments(), hostLost.arguments(), database.arguments())
                    .flatMap(List::stream)
                    .toList();
            System.out.println(Detached.start(directory, Home.path(), port, options));
            return 0;
        }
        return run(directory, location, listeners, hostLostAfter);
    }

    private int run(
            DataDirectory directory, Optional<StoreLocation> location, List<Listener> listeners, Duration hostLostAfter)
            throws InterruptedException {
        ControlPlane plane =
                new ControlPlane(directory, location, port, listeners, hostLostAfter, InstantSource.system());
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            awaitQuietly(stopped);
        }));
        LocalAgent agent = plane.startLocalAgent(directory, Home.path(), List.of());
        System.out.println(Detached.readyLine(plane.connection(), plane.awaitLocalAgent(AGENT_PATIENCE)));
        System.out.flush();
        stop.await();
        agent.close();
        plane.close();
        stopped.countDown();
        return 0;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
