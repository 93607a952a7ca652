package dev.groundplane.server.warehouse;

import dev.groundplane.pgwire.ServerHandshake;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.services.redshiftserverless.RedshiftServerless;
import dev.groundplane.services.redshiftserverless.Warehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * The ports of all workgroups: opened and closed as workgroups come and go, and their workers stopped when nobody was connected
 * for a while. Thread-safe.
 */
public final class WarehouseGateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarehouseGateway.class);
    private static final int TOKEN_BYTES = 32;
    private static final String EVERYTHING = "ports";

    private final RedshiftServerless redshift;
    private final WorkerCommand command;
    private final WorkerTasks tasks;
    private final WorkerCalls calls;
    private final String address;
    private final Supplier<SSLContext> tls;
    private final Duration sleepsAfter;
    private final Map<Integer, Port> ports = new ConcurrentHashMap<>();
    private final Reconciler<String> reconciler = new Reconciler<>("warehouse-ports", key -> reconcile());
    private final Reconciler<Integer> sleeps = new Reconciler<>("warehouse-sleep", this::sleep);

    /**
     * @param ecs on behalf of Redshift Serverless
     * @param calls answers what workers ask
     * @param command how workers are started
     * @param address to listen on
     * @param tls asked for each client
     * @param sleepsAfter for how long nobody must have been connected
     */
    public WarehouseGateway(
            RedshiftServerless redshift,
            Function<Scope, EcsClient> ecs,
            WorkerCalls calls,
            WorkerCommand command,
            String address,
            Supplier<SSLContext> tls,
            Duration sleepsAfter) {
        this.redshift = redshift;
        this.command = command;
        this.calls = calls;
        this.tasks = new WorkerTasks(ecs, command);
        this.address = address;
        this.tls = tls;
        this.sleepsAfter = sleepsAfter;
    }

    /** Opens the ports of the workgroups that there are, and follows their changes. */
    public void start() {
        redshift.onChange(() -> reconciler.enqueue(EVERYTHING));
        reconciler.enqueue(EVERYTHING);
    }

    private void reconcile() {
        List<Warehouse> wanted = redshift.warehouses();
        Set<Integer> numbers = wanted.stream().map(Warehouse::port).collect(Collectors.toSet());
        for (Port port : List.copyOf(ports.values())) {
            if (!numbers.contains(port.warehouse().port()) || !wanted.contains(port.warehouse())) {
                close(port);
            }
        }
        List<UncheckedIOException> taken = new ArrayList<>();
        for (Warehouse warehouse : wanted) {
            try {
                ports.computeIfAbsent(warehouse.port(), number -> open(warehouse));
            } catch (UncheckedIOException e) {
                taken.add(e);
            }
        }
        if (!taken.isEmpty()) { // the reconciler says so and tries again; the other ports are open
            throw taken.getFirst();
        }
    }

    private Port open(Warehouse warehouse) {
        try {
            ServerHandshake handshake = new ServerHandshake(user -> redshift.verifiers(warehouse, user), tls);
            Port port = new Port(
                    warehouse,
                    token(warehouse),
                    handshake,
                    address,
                    calls,
                    () -> tasks.run(warehouse),
                    () -> sleeps.enqueueAfter(warehouse.port(), sleepsAfter));
            LOG.info("workgroup {} listens on port {}", warehouse.workgroup(), warehouse.port());
            // A worker that outlived an earlier control plane comes back; if nobody wants it, it goes to sleep.
            sleeps.enqueueAfter(warehouse.port(), sleepsAfter);
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "workgroup %s cannot listen on port %d".formatted(warehouse.workgroup(), warehouse.port()), e);
        }
    }

    private void close(Port port) {
        ports.remove(port.warehouse().port());
        try {
            port.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tasks.stop(port.warehouse());
    }

    private void sleep(int number) {
        Port port = ports.get(number);
        if (port == null || port.idle().isEmpty()) {
            return;
        }
        Duration left = sleepsAfter.minus(port.idle().orElse(Duration.ZERO));
        if (left.isPositive()) {
            sleeps.enqueueAfter(number, left);
        } else {
            tasks.stop(port.warehouse());
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
