package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.replication.pgoutput.LogicalDecoder;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * Reads and decodes a stream's messages on a thread of its own, while earlier ones are applied; so neither the source nor the engine
 * waits for the other. For one thread, which takes the messages. Does not close the stream.
 */
final class MessageReader implements AutoCloseable {
    /** So much is read ahead. */
    private static final int MOST_BYTES = 8 << 20;

    private static final long IDLE_MILLIS = 1;

    private final PGReplicationStream stream; // used by both threads, in turns
    private final BlockingQueue<Read> read = new LinkedBlockingQueue<>();
    private final Semaphore bytes = new Semaphore(MOST_BYTES);
    private final Heartbeat heartbeat;
    private final Thread thread;
    private volatile long received;
    private volatile @Nullable Throwable failure;

    MessageReader(PGReplicationStream stream, Duration patience, String name) {
        this.stream = stream;
        this.heartbeat = new Heartbeat(patience);
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    /** A message, of so many bytes. */
    record Read(LogicalMessage message, int bytes) {}

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (!readNext()) {
                    TimeUnit.MILLISECONDS.sleep(IDLE_MILLIS);
                }
            }
        } catch (SQLException | RuntimeException | Error e) { // told to whoever takes the messages
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads the message that is there; false when there is none. */
    private boolean readNext() throws SQLException, InterruptedException {
        Read next;
        synchronized (stream) {
            heartbeat.beat(stream);
            var message = stream.readPending();
            if (message == null) {
                received = stream.getLastReceiveLSN().asLong();
                return false;
            }
            var size = message.remaining();
            next = new Read(LogicalDecoder.decode(message), size);
        }
        while (!bytes.tryAcquire(
                Math.min(next.bytes, MOST_BYTES), heartbeat.each().toNanos(), TimeUnit.NANOSECONDS)) {
            synchronized (stream) { // the engine takes its time; the source must not think that nobody reads
                heartbeat.beat(stream);
            }
        }
        read.add(next);
        return true;
    }

    /**
     * Up to where the source had sent all messages when there was no other. Those that were read before this is asked are taken when
     * {@link #next} then has none.
     */
    long received() {
        return received;
    }

    /**
     * The next message, which is waited for a moment.
     *
     * @return null when none has come
     * @throws SQLException when the stream has broken
     */
    @Nullable
    Read next(long millis) throws SQLException, InterruptedException {
        var next = millis == 0 ? read.poll() : read.poll(millis, TimeUnit.MILLISECONDS);
        if (next != null) {
            bytes.release(Math.min(next.bytes, MOST_BYTES));
            return next;
        }
        var broken = failure;
        if (broken != null) {
            throw new SQLException("the stream of the source has broken", broken);
        }
        return null;
    }

    /** Tells the source, at once, up to where nothing is needed any more. */
    void confirm(long position) throws SQLException {
        synchronized (stream) {
            var confirmed = LogSequenceNumber.valueOf(position);
            stream.setAppliedLSN(confirmed);
            stream.setFlushedLSN(confirmed);
            stream.forceUpdateStatus();
        }
    }

    /** Reads no more when this returns. */
    @Override
    public void close() {
        thread.interrupt();
        var interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
