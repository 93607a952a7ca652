package dev.groundplane.server.warehouse;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
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
 * dev.groundplane.pgwire.WorkerPacket}. Thread-safe.
 */
final class WorkerLink {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerLink.class);

    private final AtomicLong lastSession = new AtomicLong();
    private final Map<Long, CompletableFuture<Socket>> awaited = new ConcurrentHashMap<>();
    private CompletableFuture<Socket> control = new CompletableFuture<>();

    /** The worker is ready. Returns when it has gone. */
    void serve(Socket socket) throws IOException {
        CompletableFuture<Socket> waiting = control();
        if (!waiting.complete(socket)) {
            LOG.warn("a second worker has come for one workgroup; the first goes on alone");
            return;
        }
        try {
            // It says nothing more.
            var _ = socket.getInputStream().read();
        } finally {
            gone();
        }
    }

    private synchronized CompletableFuture<Socket> control() {
        return control;
    }

    private synchronized void gone() {
        control = new CompletableFuture<>();
        awaited.values().forEach(one -> one.completeExceptionally(new IOException("the worker has gone")));
    }

    /** Whether a worker is there. */
    boolean isReady() {
        return control().isDone();
    }

    /** A connection has come; whether somebody waited for it, who owns it now. */
    boolean arrived(long session, Socket socket) {
        CompletableFuture<Socket> waiting = awaited.remove(session);
        return waiting != null && waiting.complete(socket);
    }

    /**
     * A new connection to the worker; waits for one that is only starting.
     *
     * @throws WorkerUnavailable when none comes in time
     */
    Socket open(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        long session = lastSession.incrementAndGet();
        CompletableFuture<Socket> connection = new CompletableFuture<>();
        try {
            Socket worker = control().get(patience.toNanos(), TimeUnit.NANOSECONDS);
            awaited.put(session, connection);
            ask(worker, session);
            return connection.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new WorkerUnavailable(
                    "the warehouse's worker did not start within %d s; see the tasks of the ECS"
                                    .formatted(patience.toSeconds())
                            + " cluster groundplane-warehouse",
                    e);
        } catch (ExecutionException | IOException e) {
            throw new WorkerGone(e);
        } finally {
            awaited.remove(session);
        }
    }

    private synchronized void ask(Socket worker, long session) throws IOException {
        new DataOutputStream(worker.getOutputStream()).writeLong(session);
    }
}
