package dev.groundplane.server.warehouse;

import dev.groundplane.pgwire.MessageBoundary;
import dev.groundplane.pgwire.Parking;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client whose identity is known. While it speaks, its session has a connection to the worker, and what both say passes
 * unchanged. When it is silent, the worker is asked to park the session: then there is only the session's state here, and the
 * client's next byte has it restored first.
 *
 * <pre>
 *              asked to park            the worker gives the state, and its connection ends
 *  attached ──────────────────► asked ─────────────────────────────────────────────────────► parked
 *     ▲ ▲                         │ it stays                                                    │
 *     │ └─────────────────────────┘                        the client speaks                    │
 *     └─────────────────────────────────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * What the client says while the worker is asked waits for the answer. Thread-safe.
 */
final class ClientConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    /** ReadyForQuery outside of a transaction. */
    private static final byte[] READY = {'Z', 0, 0, 0, 5, 'I'};

    private static final byte[] NOTHING = {};
    /** A client that waits for nothing takes no more. */
    private static final int SMALL_BUFFER = 512;

    private static final int BUFFER = 64 * 1024;

    /** Where connections to the worker come from. */
    interface Workers {
        /**
         * A connection to the worker, which is woken if need be. It stays awake until {@link #release}.
         *
         * @param first what is sent on it first
         * @throws WorkerUnavailable when there is none
         */
        WorkerConnection attach(byte[] first, WorkerLink.Listener listener) throws InterruptedException;

        /** A connection is not needed any more. */
        void release(long lastActive);
    }

    private record Attached(Attachment attachment, WorkerConnection worker) {}

    private final Socket client;
    private final InputStream input;
    private final Workers workers;
    private final MessageBoundary boundary = new MessageBoundary();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private byte[] opening;
    private @Nullable Attached attached;
    private boolean ended;
    private volatile long lastActive = System.nanoTime();
    private long lastAsked = lastActive;
    /** Nothing but the client's next request is waited for, as far as one can tell from outside. */
    private volatile boolean quiet;

    /**
     * @param input what the client says after its startup packet
     * @param startup the packet, as the worker gets it
     */
    ClientConnection(Socket client, InputStream input, byte[] startup, Workers workers) {
        this.client = client;
        this.input = input;
        this.opening = startup;
        this.workers = workers;
    }

    /**
     * Serves the client until it leaves or its session ends.
     *
     * @throws WorkerUnavailable when there is no worker; nothing else is on its way to the client then
     */
    void run() throws IOException, InterruptedException {
        try {
            say(NOTHING, 0);
            byte[] small = new byte[SMALL_BUFFER];
            byte[] buffer = small;
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                say(buffer, read);
                buffer = read < SMALL_BUFFER ? small : read < buffer.length ? buffer : new byte[BUFFER];
            }
        } finally {
            leave();
        }
    }

    private void say(byte[] bytes, int count) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (attached != null && attached.attachment().isAsked()) {
                changed.await();
            }
            if (ended) {
                throw new IOException("the session has ended");
            }
            boundary.pass(bytes, count);
            touch();
            quiet = false;
            WorkerConnection worker = attached == null ? attach() : attached.worker();
            worker.socket().getOutputStream().write(bytes, 0, count);
        } finally {
            lock.unlock();
        }
    }

    private WorkerConnection attach() throws InterruptedException {
        Attachment attachment = new Attachment(this::stays);
        Attached made = new Attached(attachment, workers.attach(opening, attachment));
        opening = NOTHING;
        attached = made;
        Thread.ofVirtual().name("answers").start(() -> {
            answers(made.worker());
            detached(made);
        });
        return made.worker();
    }

    private void answers(WorkerConnection from) {
        try {
            InputStream answers = from.socket().getInputStream();
            OutputStream output = client.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            byte[] tail = new byte[READY.length];
            for (int read = answers.read(buffer); read >= 0; read = answers.read(buffer)) {
                output.write(buffer, 0, read);
                int kept = Math.max(0, tail.length - read);
                System.arraycopy(tail, tail.length - kept, tail, 0, kept);
                System.arraycopy(buffer, read - (tail.length - kept), tail, kept, tail.length - kept);
                touch();
                quiet = Arrays.equals(tail, READY);
            }
        } catch (IOException gone) {
            LOG.debug("{} or its worker has gone", client, gone);
        }
    }

    /** The connection to the worker has ended: the session is parked, or ended, too. */
    private void detached(Attached from) {
        Optional<byte[]> state = from.attachment().state();
        close(from.worker());
        lock.lock();
        try {
            attached = null;
            state.ifPresentOrElse(parked -> opening = Parking.restore(parked), () -> ended = true);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        workers.release(lastActive);
        if (state.isEmpty()) {
            close(client);
        }
    }

    /** Whether the last thing that the worker said was that it is ready. */
    boolean isQuiet() {
        return quiet;
    }

    /** Asks the worker to park the session if nothing was said for so long. Returns at once. */
    void parkIfSilent(Duration silence) {
        if (!lock.tryLock()) { // it speaks
            return;
        }
        try {
            long since = Math.max(lastActive, lastAsked);
            if (attached != null
                    && !attached.attachment().isAsked()
                    && isQuiet()
                    && boundary.isBetweenMessages()
                    && System.nanoTime() - since >= silence.toNanos()) {
                attached.attachment().ask(attached.worker());
            }
        } catch (IOException e) {
            LOG.debug("a worker went as it was asked to park a session", e);
        } finally {
            lock.unlock();
        }
    }

    private void stays() {
        lock.lock();
        try {
            lastAsked = System.nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            ended = true;
            if (attached != null) {
                attached.attachment().gone();
                close(attached.worker());
            }
        } finally {
            lock.unlock();
        }
    }

    private void touch() {
        lastActive = System.nanoTime();
    }

    private static void close(Closeable connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("{} is closed already", connection, e);
        }
    }
}
