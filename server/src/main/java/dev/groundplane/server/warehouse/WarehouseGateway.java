package dev.groundplane.server.warehouse;

import dev.groundplane.pgwire.ServerHandshake;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.services.redshiftserverless.RedshiftServerless;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.services.warehouse.Warehouses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * The ports of all warehouses: opened and closed as they come and go, and their workers stopped when nobody said anything for
 * a while. Thread-safe.
 */
public final class WarehouseGateway implements Workers, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarehouseGateway.class);
    private static final int TOKEN_BYTES = 32;
    /** For how long a silent session keeps a thread and an engine's connection at a worker that others use. */
    private static final Duration LONGEST_AT_WORKER = Duration.ofMinutes(1);

    private static final int LOOKS = 4;
    private static final String EVERYTHING = "ports";

    private final Warehouses warehouses;
    private final WorkerCommand command;
    private final WorkerTasks tasks;
    private final WorkerCalls calls;
    private final UsageControl usage;
    private final String address;
    private final Supplier<SSLContext> tls;
    private final Duration sleepsAfter;
    private final Duration parksAfter;
    private final BackupWork backups;
    private final Map<Integer, Port> ports = new ConcurrentHashMap<>();
    private final Reconciler<String> reconciler = new Reconciler<>("warehouse-ports", key -> reconcile());
    private final Reconciler<Integer> sleeps = new Reconciler<>("warehouse-sleep", this::sleep);

    /**
     * @param redshift keeps records of usage
     * @param ecs on behalf of Redshift Serverless
     * @param calls answers what workers ask
     * @param command how workers are started
     * @param address to listen on
     * @param tls asked for each client
     * @param sleepsAfter for how long nobody must have said anything
     * @param clock for records of usage
     */
    public WarehouseGateway(
            Warehouses warehouses,
            RedshiftServerless redshift,
            Function<Scope, EcsClient> ecs,
            WorkerCalls calls,
            WorkerCommand command,
            String address,
            Supplier<SSLContext> tls,
            Duration sleepsAfter,
            InstantSource clock) {
        this.warehouses = warehouses;
        this.command = command;
        this.calls = calls;
        this.tasks = new WorkerTasks(ecs, command);
        this.usage = new UsageControl(redshift, command, clock);
        BackupFiles files = new BackupFiles(command.directory());
        this.backups = new BackupWork(redshift.backups(), files, new RestoreFiles(command.directory(), files), this);
        this.address = address;
        this.tls = tls;
        this.sleepsAfter = sleepsAfter;
        this.parksAfter = sleepsAfter.compareTo(LONGEST_AT_WORKER) < 0 ? sleepsAfter : LONGEST_AT_WORKER;
    }

    /** Opens the ports of the warehouses that there are, at once but for those that are taken, and follows their changes. */
    public void start() {
        warehouses.onChange(() -> reconciler.enqueue(EVERYTHING));
        try {
            reconcile();
        } catch (UncheckedIOException e) {
            LOG.error("not all warehouses listen", e);
            reconciler.enqueue(EVERYTHING);
        }
        backups.start();
    }

    private synchronized void reconcile() {
        List<Warehouse> wanted = warehouses.all();
        for (Port port : List.copyOf(ports.values())) {
            wanted.stream().filter(port::isOf).findFirst().ifPresentOrElse(port::use, () -> close(port));
        }
        List<UncheckedIOException> taken = new ArrayList<>();
        for (Warehouse warehouse : wanted) {
            try {
                ports.computeIfAbsent(warehouse.port(), number -> open(warehouse));
            } catch (UncheckedIOException e) {
                taken.add(e);
            }
        }
        warehouses.served(ports.values().stream().map(Port::warehouse).toList());
        if (!taken.isEmpty()) { // the reconciler says so and tries again; the other ports are open
            throw taken.getFirst();
        }
    }

    private Port open(Warehouse warehouse) {
        try {
            ServerHandshake handshake = new ServerHandshake(user -> warehouses.verifiers(warehouse, user), tls);
            Port port = new Port(
                    warehouse,
                    token(warehouse),
                    handshake,
                    warehouses::login,
                    address,
                    calls,
                    usage,
                    warehouses::isAvailable,
                    tasks::run,
                    () -> sleeps.enqueueAfter(warehouse.port(), parksAfter));
            LOG.info("{} listens on port {}", warehouse.title(), warehouse.port());
            if (warehouse.run().paused()) {
                tasks.stop(warehouse, () -> true);
            }
            // A worker that outlived an earlier control plane comes back; if nobody wants it, it goes to sleep.
            sleeps.enqueueAfter(warehouse.port(), sleepsAfter);
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "%s cannot listen on port %d".formatted(warehouse.title(), warehouse.port()), e);
        }
    }

    private void close(Port port) {
        ports.remove(port.warehouse().port());
        tasks.stop(port.warehouse(), () -> {
            port.letGo();
            try {
                port.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return true;
        });
    }

    @Override
    public List<Warehouse> warehouses() {
        return warehouses.all().stream()
                .filter(warehouse -> warehouse.kind() == Warehouse.Kind.WORKGROUP)
                .toList();
    }

    private Optional<Port> port(String namespaceId) {
        return ports.values().stream()
                .filter(port -> port.warehouse().namespaceId().equals(namespaceId))
                .findFirst();
    }

    @Override
    public Stillness still(String namespaceId) throws IOException {
        Optional<Port> port = port(namespaceId);
        Optional<StillWorker> worker = port.isPresent() ? port.get().still() : Optional.empty();
        return worker.isPresent() ? worker.get() : StillFiles.of(command.directory(), namespaceId);
    }

    @Override
    public void end(String namespaceId) {
        port(namespaceId)
                .ifPresent(port -> tasks.stop(port.warehouse(), () -> {
                    try {
                        port.endSessions();
                    } catch (IOException e) {
                        LOG.debug("a connection is closed already", e);
                    }
                    return true;
                }));
    }

    @Override
    public NamespaceLock exclude(String namespaceId) throws IOException {
        return NamespaceLock.await(command.directory(), namespaceId);
    }

    @Override
    public void refresh() {
        try {
            reconcile();
        } catch (UncheckedIOException e) { // another workgroup's port, which is tried again
            LOG.debug("not all workgroups listen", e);
        }
    }

    /** Has silent sessions parked, and ends a worker that has none for long enough. */
    private void sleep(int number) {
        Port port = ports.get(number);
        if (port == null) {
            return;
        }
        port.parkSilent(parksAfter);
        Duration left = port.idle().map(sleepsAfter::minus).orElse(parksAfter.dividedBy(LOOKS));
        if (left.isPositive() || !tasks.stop(port.warehouse(), () -> port.dismiss(sleepsAfter))) {
            sleeps.enqueueAfter(number, left.isPositive() ? left : parksAfter.dividedBy(LOOKS));
        }
    }

    /** The secret between a namespace's worker and this gateway, made with the first need. */
    private String token(Warehouse warehouse) throws IOException {
        Path file = command.token(warehouse);
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        byte[] secret = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(secret);
        String token = HexFormat.of().formatHex(secret);
        Files.createDirectories(
                file.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path made = Files.createTempFile(
                file.getParent(),
                "token",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(made, token);
        Files.move(made, file);
        return token;
    }

    @Override
    public void close() {
        backups.close();
        reconciler.close();
        sleeps.close();
        for (Port port : ports.values()) {
            try {
                port.close();
            } catch (IOException e) {
                LOG.debug("a port is closed already", e);
            }
        }
    }
}
