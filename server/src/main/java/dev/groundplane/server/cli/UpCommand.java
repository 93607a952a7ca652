package dev.groundplane.server.cli;

import dev.groundplane.logging.LogFile;
import dev.groundplane.server.ControlPlane;
import dev.groundplane.server.Settings;
import dev.groundplane.server.http.Listener;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.local.Detached;
import dev.groundplane.server.local.Home;
import dev.groundplane.server.local.LocalAgent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
    private TlsOptions tls;

    @Mixin
    private HostLostOption hostLost;

    @Mixin
    private DatabaseOptions database;

    @Mixin
    private S3Options s3;

    @Mixin
    private WarehouseOption warehouse;

    @Mixin
    private AuditOptions audit;

    @Option(
            names = "--log-file",
            paramLabel = "FILE",
            description = "where to log, in up to five files of 10 MB (default: standard error; with --detach"
                    + " logs/control-plane.log in the data directory)")
    private @Nullable Path logFile;

    @Override
    public Integer call() throws InterruptedException {
        DataDirectory directory = data.directory();
        Settings settings = new Settings(
                port,
                listen.listeners(),
                tls.source(directory, listen.addresses(), InstantSource.system()),
                hostLost.duration(),
                audit.settings(),
                database.location(directory),
                s3.location(directory),
                s3.listEvery(),
                warehouse.sleepsAfter());
        if (settings.tls().isEmpty()) {
            settings.listeners().stream().filter(Listener::isOnNetwork).forEach(UpCommand::warn);
        }
        if (detach) {
            List<String> options = Stream.of(
                            listen.arguments(),
                            tls.arguments(),
                            hostLost.arguments(),
                            database.arguments(),
                            s3.arguments(),
                            warehouse.arguments(),
                            audit.arguments())
                    .flatMap(List::stream)
                    .toList();
            System.out.println(Detached.start(directory, Home.path(), port, options));
            return 0;
        }
        return run(directory, settings);
    }

    private static void warn(Listener listener) {
        System.err.println(
                "groundplane: what passes at %s is not encrypted: whoever is on the way can read it, credentials of hosts"
                                .formatted(listener.address())
                        + " included; --tls-self-signed, or --tls-certificate and --tls-key, change that");
    }

    private int run(DataDirectory directory, Settings settings) throws InterruptedException {
        if (logFile != null) {
            LogFile.use(logFile);
        }
        ControlPlane plane = new ControlPlane(directory, settings, InstantSource.system());
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
        try (plane) {
            agent.close();
        } finally {
            stopped.countDown();
        }
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
