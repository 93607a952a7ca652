package dev.groundplane.server.warehouse;

import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.ServerHandshake;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.pgwire.StartupPacket;
import dev.groundplane.pgwire.WorkerPacket;
import dev.groundplane.services.redshiftserverless.Warehouse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A workgroup's port. Clients are asked who they are; then what they send goes to the worker and what it answers comes back, byte
 * for byte. The first client wakes the worker. Thread-safe.
 */
final class Port implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Port.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** As PostgreSQL's authentication_timeout. */
    private static final int LOGIN_MILLIS = 60_000;

    private static final int BUFFER = 64 * 1024;
    private static final int WAITING = 1024;

    private final Warehouse warehouse;
    private final String token;
    private final ServerHandshake handshake;
    private final WorkerCalls calls;
    private final Runnable wake;
    private final Runnable idle;
    private final ServerSocket listener = new ServerSocket();
    private final WorkerLink link = new WorkerLink();
    private int sessions;
    private long idleSince = System.nanoTime();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    /**
     * Begins to listen.
     *
     * @param token what the worker shows
     * @param calls answers what the worker asks
     * @param wake has the worker started
     * @param idle called when a client has left
     * @throws IOException when the port is taken
     */
    Port(
            Warehouse warehouse,
            String token,
            ServerHandshake handshake,
            String address,
            WorkerCalls calls,
            Runnable wake,
            Runnable idle)
            throws IOException {
        this.warehouse = warehouse;
        this.token = token;
        this.handshake = handshake;
        this.calls = calls;
        this.wake = wake;
        this.idle = idle;
        listener.bind(new InetSocketAddress(address, warehouse.port()), WAITING);
        Thread.ofVirtual().name("port " + warehouse.port()).start(this::accept);
    }

    Warehouse warehouse() {
        return warehouse;
    }

    /** For how long no client was there; nothing while one is. */
    synchronized Optional<Duration> idle() {
        return sessions == 0 ? Optional.of(Duration.ofNanos(System.nanoTime() - idleSince)) : Optional.empty();
    }

    private synchronized void arrived() {
        sessions++;
    }

    private synchronized void left() {
        sessions--;
        idleSince = System.nanoTime();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.add(socket);
                Thread.ofVirtual().name("client").start(() -> serve(socket));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    LOG.error("workgroup {} cannot accept a client", warehouse.workgroup(), e);
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
                arrived();
                socket.setSoTimeout(0);
                try (Socket own = client.get().socket()) {
                    session(client.get(), own);
                } finally {
                    left();
                    idle.run();
                }
            }
        } catch (IOException gone) {
            LOG.debug("a client of workgroup {} has gone", warehouse.workgroup(), gone);
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
                link.serve(socket);
            }
        } catch (IOException gone) {
            LOG.debug("the worker of workgroup {} has gone", warehouse.workgroup(), gone);
        }
        return false;
    }

    private boolean isOurs(WorkerPacket packet) {
        return MessageDigest.isEqual(
                packet.token().getBytes(StandardCharsets.US_ASCII), token.getBytes(StandardCharsets.US_ASCII));
    }

    private void cancel(StartupPacket.Cancel request) {
        if (!link.isReady()) {
            return;
        }
        try (Socket worker = link.open(PATIENCE)) {
            worker.getOutputStream().write(request.encode());
        } catch (IOException | WorkerUnavailable e) {
            LOG.debug("a request to cancel came too late", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void session(ServerHandshake.Client client, Socket socket) throws IOException {
        MessageOutput output = client.output();
        try {
            try (Socket worker = open()) {
                worker.setTcpNoDelay(true);
                worker.getOutputStream().write(client.startup().encode());
                Thread there = Thread.ofVirtual().start(() -> copy(client.input(), worker, socket));
                transfer(worker.getInputStream(), socket.getOutputStream());
                socket.close();
                there.join();
            }
        } catch (WorkerUnavailable e) {
            output.error(Report.fatal(SqlState.CANNOT_CONNECT_NOW, String.valueOf(e.getMessage())));
            output.flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) { // the outermost loop of a connection
            LOG.error("a client of workgroup {} cannot be served", warehouse.workgroup(), e);
            output.error(Report.fatal(SqlState.INTERNAL_ERROR, "the warehouse cannot be woken: " + e.getMessage()));
            output.flush();
        }
    }

    /** A worker that is just going to sleep, or was killed, may be gone before it knows of the client: then the next one. */
    private Socket open() throws InterruptedException {
        try {
            return awake();
        } catch (WorkerGone e) {
            LOG.debug("the worker of workgroup {} went as a client came", warehouse.workgroup(), e);
            return awake();
        }
    }

    private Socket awake() throws InterruptedException {
        if (!link.isReady()) {
            wake.run();
        }
        return link.open(PATIENCE);
    }

    /** The client's end is the session's. */
    private static void copy(InputStream from, Socket worker, Socket client) {
        try (worker) {
            transfer(from, worker.getOutputStream());
        } catch (IOException gone) {
            LOG.debug("{} has gone", client, gone);
        }
    }

    private static void transfer(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            to.write(buffer, 0, read);
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
