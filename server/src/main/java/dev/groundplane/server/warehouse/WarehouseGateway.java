package dev.groundplane.server.warehouse;

import dev.groundplane.pgwire.ServerHandshake;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.services.integration.IntegrationClaims;
import dev.groundplane.services.redshiftserverless.RedshiftServerless;
import dev.groundplane.services.warehouse.Backups;
import dev.groundplane.services.warehouse.CopyJobFiles;
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
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
public final class WarehouseGateway implements Workers, Port.Watcher, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarehouseGateway.class);
    private static final int TOKEN_BYTES = 32;
    /** For how long a silent session keeps a thread and an engine's connection at a worker that others use. */
    private static final Duration LONGEST_AT_WORKER = Duration.ofMinutes(1);

    private static final int LOOKS = 4;
    /** A worker that outlived an earlier control plane has come back by then. */
    private static final Duration COMES_BACK = Duration.ofSeconds(5);
    /** How long changes wait for a warehouse that may not run now. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

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
    private volatile List<Closed> closed = List.of();
    private boolean ended;
    private final Map<Integer, Port> ports = new ConcurrentHashMap<>();
    private final Reconciler<String> reconciler = new Reconciler<>("warehouse-ports", key -> reconcile());
    private final Reconciler<Integer> sleeps = new Reconciler<>("warehouse-sleep", this::sleep);
    private final Reconciler<Integer> sources = new Reconciler<>("warehouse-sources", this::watchSources);
    private final IntegrationWatch watch;
    private final IntegrationClaims integrations;
    private final CopyJobFiles copyJobs;
    private final FileWatch files;

    /**
     * A warehouse that nobody can connect to.
     *
     * @param reason why its port is not open
     */
    public record Closed(Warehouse warehouse, String reason) {}

    /**
     * @param redshift keeps records of usage, and wants recovery points
     * @param wanted backups and restores
     * @param ecs on behalf of Redshift Serverless
     * @param calls answers what workers ask, but for integrations and copy jobs
     * @param integrations which databases follow a source
     * @param copyJobs which files land for whom
     * @param command how workers are started
     * @param address to listen on
     * @param tls asked for each client
     * @param sleepsAfter for how long nobody must have said anything
     * @param clock for records of usage
     */
    public WarehouseGateway(
            Warehouses warehouses,
            RedshiftServerless redshift,
            Backups wanted,
            Function<Scope, EcsClient> ecs,
            Map<String, WorkerCall> calls,
            IntegrationClaims integrations,
            CopyJobFiles copyJobs,
            WorkerCommand command,
            String address,
            Supplier<SSLContext> tls,
            Duration sleepsAfter,
            InstantSource clock) {
        this.warehouses = warehouses;
        this.command = command;
        this.watch = new IntegrationWatch(this::wake, this::watchAgain, integrations::place);
        Map<String, WorkerCall> all = new HashMap<>(calls);
        all.putAll(new IntegrationCalls(integrations).operations(watch::release, this::busy));
        all.putAll(new CopyJobCalls(copyJobs).operations(this::busy));
        this.calls = new WorkerCalls(all);
        this.integrations = integrations;
        this.copyJobs = copyJobs;
        this.files = new FileWatch(copyJobs, this::port);
        this.tasks = new WorkerTasks(ecs, command);
        this.usage = new UsageControl(redshift, command, clock);
        BackupFiles files = new BackupFiles(command.directory());
        this.backups = new BackupWork(
                wanted, files, new RestoreFiles(command.directory(), files), this, redshift::wantRecoveryPoint);
        this.address = address;
        this.tls = tls;
        this.sleepsAfter = sleepsAfter;
        this.parksAfter = sleepsAfter.compareTo(LONGEST_AT_WORKER) < 0 ? sleepsAfter : LONGEST_AT_WORKER;
    }

    /** Opens the ports of the warehouses that there are, at once but for those that are taken, and follows their changes. */
    public void start() {
        warehouses.onChange(() -> reconciler.enqueue(EVERYTHING));
        integrations.onChange(() -> ports.keySet().forEach(sources::enqueue));
        try {
            reconcile();
        } catch (UncheckedIOException e) {
            LOG.error("not all warehouses listen", e);
            reconciler.enqueue(EVERYTHING);
        }
        files.start();
        backups.start();
    }

    /** The warehouses whose ports could not be opened when that was tried last; it is tried again and again. */
    public List<Closed> closed() {
        return closed;
    }

    private synchronized void reconcile() {
        if (ended) { // a port that is opened now would never be closed
            return;
        }
        List<Warehouse> wanted = warehouses.all();
        for (Port port : List.copyOf(ports.values())) {
            wanted.stream().filter(port::isOf).findFirst().ifPresentOrElse(port::use, () -> close(port));
        }
        List<UncheckedIOException> failures = new ArrayList<>();
        List<Closed> notOpen = new ArrayList<>();
        for (Warehouse warehouse : wanted) {
            try {
                ports.computeIfAbsent(warehouse.port(), number -> open(warehouse));
            } catch (UncheckedIOException e) {
                failures.add(e);
                notOpen.add(new Closed(
                        warehouse,
                        String.valueOf(Objects.requireNonNull(e.getCause()).getMessage())));
            }
        }
        closed = List.copyOf(notOpen);
        copyJobs.keep(wanted.stream().map(Warehouse::namespaceId).toList());
        warehouses.served(ports.values().stream().map(Port::warehouse).toList());
        if (!failures.isEmpty()) { // the reconciler says so and tries again; the other ports are open
            throw failures.getFirst();
        }
    }

    private Port open(Warehouse warehouse) {
        try {
            if (warehouse.run().paused() || warehouse.run().begins()) {
                tasks.stop(warehouse, () -> true);
            }
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
                    this);
            LOG.info("{} listens on port {}", warehouse.title(), warehouse.port());
            // A worker that outlived an earlier control plane comes back; if nobody wants it, it goes to sleep.
            sleeps.enqueueAfter(warehouse.port(), sleepsAfter);
            sources.enqueueAfter(warehouse.port(), COMES_BACK);
            files.opened(warehouse.namespaceId(), COMES_BACK);
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "%s cannot listen on port %d".formatted(warehouse.title(), warehouse.port()), e);
        }
    }

    private void close(Port port) {
        ports.remove(port.warehouse().port());
        watch.watch(port.warehouse().namespaceId(), List.of());
        tasks.stop(port.warehouse(), () -> {
            try (port) {
                port.endSessions();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return true;
        });
    }

    @Override
    public void awakened(Port port) {
        sleeps.enqueueAfter(port.warehouse().port(), parksAfter);
    }

    @Override
    public void left(Port port) {
        sources.enqueue(port.warehouse().port());
        files.left(port.warehouse().namespaceId());
    }

    /** Has the sources watched that a sleeping warehouse follows; one that is awake looks itself whether they are others. */
    private void watchSources(int number) {
        Port port = ports.get(number);
        if (port == null) {
            return;
        }
        if (!port.isAsleep()) {
            port.lookAtSources();
        } else {
            Warehouse warehouse = port.warehouse();
            watch.watch(warehouse.namespaceId(), integrations.all(warehouse.scope(), warehouse.namespaceId()));
        }
    }

    /** A source's password may be another one by now. */
    private void watchAgain(String namespaceId) {
        port(namespaceId).ifPresent(port -> sources.enqueue(port.warehouse().port()));
    }

    /** A source has changes for a warehouse that sleeps. */
    private void wake(String namespaceId) {
        Optional<Port> port = port(namespaceId);
        if (port.isEmpty()) {
            return;
        }
        try {
            LOG.info("a source of {} has changes", port.get().warehouse().title());
            port.get().wake();
        } catch (WorkerUnavailable e) {
            LOG.warn("changes for {} wait: {}", port.get().warehouse().title(), e.getMessage());
            sources.enqueueAfter(port.get().warehouse().port(), AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public List<Warehouse> warehouses() {
        return warehouses.all().stream()
                .filter(warehouse -> warehouse.kind() == Warehouse.Kind.WORKGROUP)
                .toList();
    }

    private void busy(Warehouse warehouse) {
        port(warehouse.namespaceId()).ifPresent(Port::busy);
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
        sources.close();
        files.close();
        watch.close();
        closePorts();
    }

    private synchronized void closePorts() {
        ended = true;
        for (Port port : ports.values()) {
            try {
                port.close();
            } catch (IOException e) {
                LOG.debug("a port is closed already", e);
            }
        }
    }
}
