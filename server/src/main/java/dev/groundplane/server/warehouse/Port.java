package dev.groundplane.server.warehouse;

import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.ScramVerifier;
import dev.groundplane.pgwire.ServerHandshake;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.pgwire.StartupPacket;
import dev.groundplane.pgwire.WorkerPacket;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.services.warehouse.Warehouses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A workgroup's port. Clients are asked who they are; then what they send goes to the worker and what it answers comes back, byte
 * for byte. The first client wakes the worker. Thread-safe.
 */
final class Port implements ClientConnection.Workers, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Port.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** As PostgreSQL's authentication_timeout. */
    private static final int LOGIN_MILLIS = 60_000;

    private static final int MOST_STARTS = 2;
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final int WAITING = 1024;
    /** A connection that has no session. */
    private static final WorkerLink.Listener NOBODY = new Attachment(() -> {});

    /** What somebody may do who has shown a password; empty when it is not a temporary one. */
    @FunctionalInterface
    interface Logins {
        Optional<Warehouses.Login> of(Warehouse warehouse, String login, ScramVerifier shown);
    }

    /** Who is told of the worker. */
    interface Watcher {
        /** A client wants the worker and nobody watches, until {@link #dismiss}, when it can sleep. */
        void awakened(Port port);

        /** The worker has gone. */
        void left(Port port);
    }

    private volatile Warehouse warehouse;
    private final String token;
    private final ServerHandshake handshake;
    private final Logins logins;
    private final WorkerCalls calls;
    private final UsageControl usage;
    private final Predicate<Warehouse> usable;
    private final BiPredicate<Warehouse, BooleanSupplier> wake;
    private final Watcher watcher;
    private final ServerSocket listener = new ServerSocket();
    private final WorkerLink link = new WorkerLink();
    private final Set<ClientConnection> clients = ConcurrentHashMap.newKeySet();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private int attached;
    private long idleSince = System.nanoTime();
    private boolean watched;

    /**
     * Begins to listen.
     *
     * @param token what the worker shows
     * @param logins tells what temporary passwords let their owners do
     * @param calls answers what the worker asks
     * @param usage told of the worker while it is there
     * @param usable false while a namespace is restored or a cluster paused, and nobody may use it
     * @param wake has the worker started, if the port is open then; true when it did not run
     * @param watcher told of the worker
     * @throws IOException when the port is taken
     */
    Port(
            Warehouse warehouse,
            String token,
            ServerHandshake handshake,
            Logins logins,
            String address,
            WorkerCalls calls,
            UsageControl usage,
            Predicate<Warehouse> usable,
            BiPredicate<Warehouse, BooleanSupplier> wake,
            Watcher watcher)
            throws IOException {
        this.warehouse = warehouse;
        this.token = token;
        this.handshake = handshake;
        this.logins = logins;
        this.calls = calls;
        this.usage = usage;
        this.usable = usable;
        this.wake = wake;
        this.watcher = watcher;
        listener.bind(new InetSocketAddress(address, warehouse.port()), WAITING);
        Thread.ofVirtual().name("port " + warehouse.port()).start(this::accept);
    }

    Warehouse warehouse() {
        return warehouse;
    }

    /** Whether it is a warehouse's port, whatever else of that has changed that its sessions can follow. */
    boolean isOf(Warehouse other) {
        return warehouse.port() == other.port()
                && warehouse.namespaceId().equals(other.namespaceId())
                && warehouse.workgroup().equals(other.workgroup())
                && warehouse.run().isSame(other.run());
    }

    /** The workgroup as it is now, with which the next worker is started. */
    void use(Warehouse changed) {
        warehouse = changed;
    }

    /** For how long no client had something to say; nothing while a session is at the worker. */
    synchronized Optional<Duration> idle() {
        return attached == 0 ? Optional.of(Duration.ofNanos(System.nanoTime() - idleSince)) : Optional.empty();
    }

    /** Has sessions parked whose clients have been silent for so long. */
    void parkSilent(Duration silence) {
        clients.forEach(client -> client.parkIfSilent(silence));
    }

    /** Lets the worker go if it was idle for so long: whoever wants one from now on waits for another. */
    synchronized boolean dismiss(Duration sleepsAfter) {
        if (idle().filter(past -> past.compareTo(sleepsAfter) >= 0).isEmpty()) {
            return false;
        }
        link.dismiss();
        watched = false;
        return true;
    }

    /** Lets the worker that is there refuse queries, or allow them again. */
    void refuseQueries(boolean refused) {
        link.refuseQueries(refused);
    }

    private void wanted() {
        synchronized (this) {
            attached++;
            if (watched) {
                return;
            }
            watched = true;
        }
        watcher.awakened(this);
    }

    @Override
    public synchronized void release(long lastActive) {
        attached--;
        idleSince = Math.max(idleSince, lastActive);
    }

    /** The worker has something to do although no client wants it. */
    synchronized void busy() {
        idleSince = System.nanoTime();
    }

    /** Has the worker run although no client wants it. */
    void wake() throws InterruptedException {
        if (usage.isDeactivated(warehouse)) {
            throw new WorkerUnavailable("%s has reached its usage limit".formatted(warehouse.title()));
        }
        wanted();
        try {
            awake();
        } finally {
            release(System.nanoTime());
        }
    }

    /** Has the worker that is there, if any, look what has landed for its copy jobs. */
    void lookAtFiles() {
        busy();
        link.lookAtFiles();
    }

    /** Has the worker that is there, if any, look whether what it follows is another source, or has other tables. */
    void lookAtSources() {
        link.lookAtSources();
    }

    /** Whether no worker is there. */
    boolean isAsleep() {
        return !link.isReady();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.add(socket);
                Thread.ofVirtual().name("client").start(() -> serve(socket));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    LOG.error("{} cannot accept a client", warehouse.title(), e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        AtomicBoolean givenAway = new AtomicBoolean();
        try {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.setSoTimeout(LOGIN_MILLIS);
            var client = handshake.greet(socket, this::cancel, packet -> givenAway.set(worker(packet, socket)));
            if (client.isPresent()) {
                socket.setSoTimeout(0);
                try (Socket own = client.get().socket()) {
                    session(client.get(), own);
                }
            }
        } catch (IOException gone) {
            LOG.debug("a client of {} has gone", warehouse.title(), gone);
        } finally {
            connections.remove(socket);
            if (!givenAway.get()) {
                close(socket);
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("{} is closed already", socket, e);
        }
    }

    /**
     * A worker's connection, if whoever made it has the secret.
     *
     * @return whether the socket is a session's now
     */
    private boolean worker(StartupPacket.Private packet, Socket socket) {
        Optional<WorkerPacket> hello = WorkerPacket.of(packet).filter(this::isOurs);
        if (hello.isEmpty()) {
            LOG.warn("something at {} is no client and no worker of ours", socket.getRemoteSocketAddress());
            return false;
        }
        try {
            socket.setSoTimeout(0);
            if (hello.get().session() > 0) {
                return link.arrived(hello.get().session(), socket);
            }
            if (hello.get().session() == WorkerPacket.CALL) {
                calls.serve(warehouse, socket);
            } else {
                try (var _ = usage.meter(this)) {
                    link.serve(socket);
                } finally {
                    watcher.left(this);
                }
            }
        } catch (IOException gone) {
            LOG.debug("the worker of {} has gone", warehouse.title(), gone);
        }
        return false;
    }

    private boolean isOurs(WorkerPacket packet) {
        return MessageDigest.isEqual(
                packet.token().getBytes(StandardCharsets.US_ASCII), token.getBytes(StandardCharsets.US_ASCII));
    }

    private void cancel(StartupPacket.Cancel request) {
        if (!link.isReady() && idle().isPresent()) { // nothing runs, and nothing is about to
            return;
        }
        try (WorkerConnection worker = link.open(PATIENCE, NOBODY)) {
            worker.socket().getOutputStream().write(request.encode());
        } catch (IOException | WorkerUnavailable e) {
            LOG.debug("a request to cancel came too late", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void session(ServerHandshake.Client client, Socket socket) throws IOException {
        Optional<Warehouses.Login> login = logins.of(warehouse, client.user(), client.verifier());
        if (login.isEmpty()) { // the password was right when the client was asked for it, and has ended since
            refuse(
                    client,
                    SqlState.INVALID_PASSWORD,
                    "password authentication failed for user \"%s\"".formatted(client.user()));
            return;
        }
        Optional<String> only = login.get().database();
        if (only.isPresent() && !only.get().equals(client.database())) {
            refuse(
                    client,
                    SqlState.INVALID_AUTHORIZATION,
                    "the temporary password of %s is for database %s only, not for %s"
                            .formatted(client.user(), only.get(), client.database()));
            return;
        }
        byte[] startup = startup(client, login.get().user());
        ClientConnection connection = new ClientConnection(socket, client.input(), startup, this);
        clients.add(connection);
        try {
            connection.run();
        } catch (WorkerUnavailable e) {
            refuse(client, SqlState.CANNOT_CONNECT_NOW, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) { // the outermost loop of a connection
            LOG.error("a client of {} cannot be served", warehouse.title(), e);
        } finally {
            clients.remove(connection);
        }
    }

    private static void refuse(ServerHandshake.Client client, String state, String message) throws IOException {
        MessageOutput output = client.output();
        output.error(Report.fatal(state, message));
        output.flush();
    }

    /** What the client said first, of the user that it is in the database. */
    private static byte[] startup(ServerHandshake.Client client, String user) {
        Map<String, String> parameters = new LinkedHashMap<>(client.startup().parameters());
        parameters.put("user", user);
        parameters.put("database", client.database());
        return new StartupPacket.Startup(client.startup().minorVersion(), parameters).encode();
    }

    /** A worker that was killed may be gone before it knows of the client: then the next one. */
    @Override
    public WorkerConnection attach(byte[] first, WorkerLink.Listener listener) throws InterruptedException {
        if (usage.isDeactivated(warehouse)) {
            throw new WorkerUnavailable(
                    "%s has reached its usage limit; no query runs until the limit's period ends or it is raised"
                            .formatted(warehouse.title()));
        }
        wanted();
        boolean attached = false;
        try {
            WorkerConnection worker = open(first, listener);
            attached = true;
            return worker;
        } catch (WorkerGone e) {
            LOG.debug("the worker of {} went as a client came", warehouse.title(), e);
            WorkerConnection worker = open(first, listener);
            attached = true;
            return worker;
        } finally {
            if (!attached) {
                release(System.nanoTime());
            }
        }
    }

    private WorkerConnection open(byte[] first, WorkerLink.Listener listener) throws InterruptedException {
        awake();
        WorkerConnection worker = link.open(PATIENCE, listener);
        try {
            worker.socket().setTcpNoDelay(true);
            worker.socket().getOutputStream().write(first);
            return worker;
        } catch (IOException e) {
            worker.closed().run();
            close(worker.socket());
            throw new WorkerGone(e);
        }
    }

    /** Has a worker run, and does so again while none comes: one that was killed may still be taken for running. */
    private void awake() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        int started = 0;
        requireUsable();
        while (!link.isReady()) {
            if (System.nanoTime() > end) {
                throw new WorkerUnavailable("the warehouse's worker did not start within %d s; see the tasks of the ECS"
                                .formatted(PATIENCE.toSeconds())
                        + " cluster groundplane-warehouse");
            }
            if (wake.test(warehouse, () -> !listener.isClosed()) && ++started > MOST_STARTS) {
                throw new WorkerUnavailable("the warehouse's worker ends as it starts; the log group %s says why"
                        .formatted(warehouse.logGroup()));
            }
            if (link.await(AGAIN)) {
                return;
            }
            requireUsable();
        }
    }

    private void requireUsable() {
        if (!usable.test(warehouse)) {
            throw new WorkerUnavailable(
                    switch (warehouse.kind()) {
                        case WORKGROUP ->
                            "namespace %s is being restored; connect again when it is AVAILABLE"
                                    .formatted(warehouse.namespace());
                        case CLUSTER ->
                            (warehouse.run().paused()
                                            ? "%s is paused; resume it by resume-cluster"
                                            : "%s is restored from a snapshot; describe-clusters says how far that is")
                                    .formatted(warehouse.title());
                    });
        }
    }

    /** Has the worker that is there keep its files still enough to be copied; nothing when none is there. */
    Optional<StillWorker> still() throws IOException {
        synchronized (this) {
            if (!link.isReady()) {
                return Optional.empty();
            }
            attached++; // so it stays awake
        }
        boolean held = false;
        try {
            StillWorker still = StillWorker.ask(link.open(PATIENCE, NOBODY), PATIENCE, this::detached);
            held = true;
            return Optional.of(still);
        } catch (WorkerUnavailable e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            if (!held) {
                detached();
            }
        }
    }

    private synchronized void detached() {
        attached--;
    }

    /** Ends the worker that is there, if any, and all connections. Otherwise it would wait for a control plane that comes back. */
    void endSessions() throws IOException {
        link.dismiss();
        for (Socket connection : connections) {
            connection.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
