package dev.groundplane.warehouse;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.pgwire.CheckpointHold;
import dev.groundplane.pgwire.MessageInput;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.Parking;
import dev.groundplane.pgwire.ServerHandshake;
import dev.groundplane.pgwire.StartupPacket;
import dev.groundplane.pgwire.WorkerMessage;
import dev.groundplane.pgwire.WorkerPacket;
import dev.groundplane.warehouse.session.Idleness;
import dev.groundplane.warehouse.session.Sessions;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers a gateway to serve its clients, see {@link WorkerPacket}, and does so again whenever the gateway was away. Sessions go
 * with their connections, so a gateway that ends leaves nothing running.
 */
final class Worker {
    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BUFFER = 16 * 1024;

    private final InetSocketAddress gateway;
    private final String token;
    private final Sessions sessions;
    private final Patience patience;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Socket control = new Socket();

    /**
     * @param token the secret that the gateway knows the worker by
     */
    Worker(InetSocketAddress gateway, String token, Sessions sessions, Patience patience) {
        this.gateway = gateway;
        this.token = token;
        this.sessions = sessions;
        this.patience = patience;
    }

    /**
     * What it waits for, and how long.
     *
     * @param gateway after so long without one nobody will have use of it: its port may be another one by now
     * @param copy of the databases' files, which a gateway that hangs does not end; the logs grow meanwhile
     */
    record Patience(Duration gateway, Duration copy) {
        /** A control plane that is started anew finds its workers; and hundreds of gigabytes are copied in time. */
        static final Patience STANDARD = new Patience(Duration.ofMinutes(2), Duration.ofMinutes(30));
    }

    /** Serves until {@link #stop}, which may have been called before, or until it was alone for too long. */
    void run() throws InterruptedException {
        var pause = FIRST_PAUSE;
        var aloneSince = System.nanoTime();
        while (!isStopped()) {
            var begun = System.nanoTime();
            try (var connection = new Socket()) {
                control = connection;
                if (isStopped()) {
                    return; // whoever stops closes the connection that is seen then, which may be the one before
                }
                connect(connection, 0);
                takeOrders(connection);
            } catch (IOException e) {
                log.debug("the gateway {} is away", gateway, e);
            }
            var lasted = Duration.ofNanos(System.nanoTime() - begun);
            if (lasted.compareTo(LONGEST_PAUSE) > 0) { // shorter, it was somebody else's port
                pause = FIRST_PAUSE;
                aloneSince = System.nanoTime();
            }
            if (System.nanoTime() - aloneSince > patience.gateway().toNanos()) {
                log.info(
                        "no gateway at {} for {} s: the worker ends",
                        gateway,
                        patience.gateway().toSeconds());
                return;
            }
            stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void connect(Socket socket, long session) throws IOException {
        socket.connect(gateway);
        socket.setTcpNoDelay(true);
        socket.getOutputStream().write(new WorkerPacket(token, session).encode());
    }

    private void takeOrders(Socket connection) throws IOException {
        log.info("serving {}", gateway);
        sessions.copyJobs().connected();
        sessions.replications().look();
        var orders = new DataInputStream(connection.getInputStream());
        try {
            for (var order = orders.readLong(); order != WorkerPacket.END; order = orders.readLong()) {
                if (order == WorkerPacket.REFUSE_QUERIES || order == WorkerPacket.ALLOW_QUERIES) {
                    sessions.refuseQueries(order == WorkerPacket.REFUSE_QUERIES);
                } else if (order == WorkerPacket.LOOK_AT_FILES) {
                    sessions.copyJobs().look();
                } else if (order == WorkerPacket.LOOK_AT_SOURCES) {
                    sessions.replications().look();
                } else {
                    var session = order;
                    var idleness = new ParkedByGateway(session, connection);
                    Thread.ofPlatform().name("session " + session).daemon().start(() -> {
                        try {
                            serve(session, idleness);
                        } finally {
                            idleness.ended();
                        }
                    });
                }
            }
            log.info("the gateway {} has nobody to serve: the worker ends", gateway);
            stopped.countDown();
        } catch (EOFException gone) {
            log.info("the gateway {} has gone", gateway);
        }
    }

    private void serve(long session, Idleness idleness) {
        try (var socket = new Socket()) {
            connect(socket, session);
            var stream = new BufferedInputStream(socket.getInputStream(), BUFFER);
            var packet = new MessageInput(stream, ServerHandshake.LONGEST_MESSAGE).readStartup();
            switch (packet) {
                case StartupPacket.Startup startup ->
                    sessions.serve(startup, stream, new MessageOutput(socket.getOutputStream()), idleness);
                case StartupPacket.Private asked when CheckpointHold.isRequest(asked) -> holdCheckpoints(socket);
                case StartupPacket.Private parked -> {
                    var state = Parking.state(parked, new DataInputStream(stream))
                            .orElseThrow(() ->
                                    new IOException("the gateway began session " + session + " with nothing known"));
                    sessions.restore(state, stream, new MessageOutput(socket.getOutputStream()), idleness);
                }
                case StartupPacket.Cancel cancel -> sessions.cancel(cancel);
                case null -> log.debug("the client of session {} has gone before it began", session);
                default -> throw new IOException("the gateway began session %d with %s".formatted(session, packet));
            }
        } catch (IOException e) {
            log.debug("session {} has ended", session, e);
        }
    }

    private void holdCheckpoints(Socket gateway) throws IOException {
        gateway.setSoTimeout(Math.toIntExact(patience.copy().toMillis()));
        try (var held = sessions.holdCheckpoints()) {
            WorkerMessage.write(gateway.getOutputStream(), JSON.writeValueAsBytes(held.databases()));
            log.info("files of {} are copied", held.databases());
            gateway.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (SocketTimeoutException e) { // the gateway, if it still copies, sees that the files are written anew
            log.warn(
                    "the databases' files were copied for {} s; the copy is given up",
                    patience.copy().toSeconds(),
                    e);
        } catch (SQLException e) { // the gateway sees the connection end and asks again
            log.warn("the databases' files cannot be copied now", e);
        }
    }

    /** Has {@link #run} end soon, also before it begins. */
    void stop() {
        stopped.countDown();
        try {
            control.close();
        } catch (IOException e) {
            log.debug("the connection to the gateway does not close", e);
        }
    }
}
