package dev.groundplane.server.warehouse;

import dev.groundplane.pgwire.Parking;
import dev.groundplane.pgwire.WorkerPacket;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one workgroup's worker, which all come from it: one on which it is asked for others, see {@link
 * WorkerPacket}. Thread-safe.
 */
final class WorkerLink {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerLink.class);

    private final AtomicLong lastSession = new AtomicLong();
    private final Map<Long, CompletableFuture<Socket>> awaited = new ConcurrentHashMap<>();
    private Worker worker = new Worker();

    /** One process, from when it is wanted. */
    private static final class Worker {
        private final CompletableFuture<Socket> control = new CompletableFuture<>();
        /** Its sessions' connections that are awaited or open. */
        private final Map<Long, Listener> sessions = new ConcurrentHashMap<>();

        private volatile boolean gone;
    }

    /** Who has a session's connection. */
    interface Listener {
        /** The worker's answer to {@link Parking#request}: the session's state, or nothing if it stays. */
        void answered(Optional<byte[]> state);

        /** The worker has gone, and answers nothing more. */
        void gone();
    }

    /** The worker is ready. Returns when it has gone. */
    void serve(Socket socket) throws IOException {
        Worker mine = worker();
        if (!mine.control.complete(socket)) {
            LOG.warn("a second worker has come for one workgroup; the first goes on alone");
            return;
        }
        try {
            DataInputStream answers = new DataInputStream(socket.getInputStream());
            while (true) {
                Parking.Answer answer = Parking.Answer.read(answers);
                Listener listener = mine.sessions.get(answer.session());
                if (listener != null) {
                    listener.answered(answer.state());
                }
            }
        } catch (EOFException end) {
            LOG.debug("a worker has gone", end);
        } finally {
            gone(mine);
        }
    }

    private synchronized Worker worker() {
        return worker;
    }

    private void gone(Worker mine) {
        synchronized (this) {
            if (worker == mine) {
                worker = new Worker();
            }
        }
        mine.gone = true;
        mine.sessions.forEach((session, listener) -> {
            CompletableFuture<Socket> waiting = awaited.remove(session);
            if (waiting != null) {
                waiting.completeExceptionally(new IOException("the worker has gone"));
            }
            listener.gone();
        });
    }

    /** Whether a worker is there. */
    boolean isReady() {
        return worker().control.isDone();
    }

    /** Has the worker end that is there, if any; whoever wants one from now on waits for another. */
    void dismiss() {
        Worker dismissed;
        synchronized (this) {
            if (!worker.control.isDone()) {
                return;
            }
            dismissed = worker;
            worker = new Worker();
        }
        try {
            order(dismissed.control.join(), WorkerPacket.END);
        } catch (IOException e) {
            LOG.debug("the worker has gone before it was told to", e);
        }
    }

    /** Has the worker that is there, if any, refuse queries, or allow them again. */
    void refuseQueries(boolean refused) {
        tell(refused ? WorkerPacket.REFUSE_QUERIES : WorkerPacket.ALLOW_QUERIES);
    }

    /** Has the worker that is there, if any, look what has landed for its copy jobs. */
    void lookAtFiles() {
        tell(WorkerPacket.LOOK_AT_FILES);
    }

    /** Has the worker that is there, if any, look whether what it follows is another source, or has other tables. */
    void lookAtSources() {
        tell(WorkerPacket.LOOK_AT_SOURCES);
    }

    private void tell(long order) {
        Worker present = worker();
        if (!present.control.isDone()) {
            return;
        }
        try {
            order(present.control.join(), order);
        } catch (IOException e) {
            LOG.debug("the worker has gone before it was told of {}", order, e);
        }
    }

    /** A connection has come; whether somebody waited for it, who owns it now. */
    boolean arrived(long session, Socket socket) {
        CompletableFuture<Socket> waiting = awaited.remove(session);
        return waiting != null && waiting.complete(socket);
    }

    /** Waits for a worker that is only starting; whether it is there. */
    boolean await(Duration patience) throws InterruptedException {
        try {
            worker().control.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a worker that comes never fails to", e);
        }
    }

    /**
     * A new connection to the worker.
     *
     * @param patience for how long to wait for it
     * @param listener told of the session until the connection is closed
     * @throws WorkerUnavailable when none comes in time
     */
    WorkerConnection open(Duration patience, Listener listener) throws InterruptedException {
        Worker asked = worker();
        long session = lastSession.incrementAndGet();
        CompletableFuture<Socket> connection = new CompletableFuture<>();
        awaited.put(session, connection);
        asked.sessions.put(session, listener);
        try {
            long end = System.nanoTime() + patience.toNanos();
            order(asked.control.get(patience.toNanos(), TimeUnit.NANOSECONDS), session);
            if (asked.gone) { // whoever goes sets the mark before telling the sessions, so one of both sees the other
                throw new WorkerGone(new IOException("the worker went as it was asked"));
            }
            Socket socket = connection.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            return new WorkerConnection(socket, () -> asked.sessions.remove(session));
        } catch (TimeoutException e) {
            throw new WorkerUnavailable(
                    "the warehouse's worker gave no connection within %d s; see its log"
                            .formatted(patience.toSeconds()),
                    e);
        } catch (ExecutionException | IOException e) {
            throw new WorkerGone(e);
        } finally {
            awaited.remove(session);
            if (!connection.isDone() || connection.isCompletedExceptionally()) {
                asked.sessions.remove(session);
            }
        }
    }

    private synchronized void order(Socket control, long order) throws IOException {
        new DataOutputStream(control.getOutputStream()).writeLong(order);
    }
}
