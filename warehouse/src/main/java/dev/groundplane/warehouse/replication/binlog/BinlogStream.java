package dev.groundplane.warehouse.replication.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import com.github.shyiko.mysql.binlog.network.SSLSocketFactory;
import com.github.shyiko.mysql.binlog.network.ServerException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads a server's log from a place on, on a thread of its own, while what was read before is applied. Ends when the server is silent,
 * which sends a sign of life now and then while nothing happens. For one thread, which takes the events and closes it.
 */
public final class BinlogStream implements AutoCloseable {
    /** So much is read ahead. */
    private static final int MOST_BYTES = 8 << 20;
    /** A sign of life may be late without having been lost. */
    private static final int TIMES = 3;
    /** So long the server waits for whoever does not read on, because the engine takes its time. */
    private static final Duration SLOWEST_READER = Duration.ofHours(1);

    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** The server's error when the place is not in its log. */
    private static final int NO_SUCH_PLACE = 1236;
    /** The library tells of each connection. Kept, because Java forgets levels of loggers that nobody has. */
    private static final Logger LIBRARY = Logger.getLogger("com.github.shyiko.mysql.binlog");

    static {
        LIBRARY.setLevel(Level.OFF); // what goes wrong is an exception here
    }

    private final BinaryLogClient client;
    private final EventReader reader;
    private final BlockingQueue<Read> read = new LinkedBlockingQueue<>();
    private final Semaphore bytes = new Semaphore(MOST_BYTES);
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable Throwable failure;

    /**
     * Where and as whom it is read.
     *
     * @param tls makes a TLS connection of one, and checks who answers as it should; null for none
     * @param patience after so long without a sign of life the server is taken for away
     */
    public record Server(
            String host,
            int port,
            String user,
            String password,
            @Nullable SSLSocketFactory tls,
            Duration patience) {
        /** Keeps the password out of log lines. */
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** An event, of so many bytes. */
    public record Read(BinlogEvent event, int bytes) {}

    /** The server's log does not have the place any more from which it was to be read. */
    public static final class LostException extends IOException {
        private static final long serialVersionUID = 1L;

        /** @param reason in words */
        public LostException(String reason) {
            super("the source's log is not there any more: " + reason);
        }

        private LostException(Throwable cause) {
            super("the source's log is not there any more: " + cause.getMessage(), cause);
        }
    }

    /**
     * Begins to read.
     *
     * @param replica the number by which the server knows the reader, which must not be another's
     * @param file of the log
     * @param offset of an event that begins a group
     * @param name of the thread
     */
    public BinlogStream(Server server, long replica, String file, long offset, String name) {
        reader = new EventReader(file, offset);
        client = new BinaryLogClient(server.host(), server.port(), server.user(), server.password());
        client.setServerId(replica);
        client.setBinlogFilename(file);
        client.setBinlogPosition(offset);
        client.setKeepAlive(false); // whoever follows connects again, and looks first whether it is the same log
        client.setConnectTimeout(CONNECT.toMillis());
        client.setHeartbeatInterval(server.patience().dividedBy(TIMES).toMillis());
        client.setNetWriteTimeout(SLOWEST_READER.toSeconds());
        client.setEventDeserializer(new RawEvents());
        client.setSocketFactory(() -> {
            var socket = new Socket();
            socket.setSoTimeout((int) server.patience().toMillis());
            socket.setTcpNoDelay(true);
            return socket;
        });
        if (server.tls() != null) {
            client.setSSLMode(SSLMode.REQUIRED);
            client.setSslSocketFactory(server.tls());
        }
        client.registerEventListener(this::received);
        client.registerLifecycleListener(new BinaryLogClient.AbstractLifecycleListener() {
            @Override
            public void onCommunicationFailure(BinaryLogClient failed, Exception e) {
                fail(e);
            }

            @Override
            public void onEventDeserializationFailure(BinaryLogClient failed, Exception e) {
                fail(e);
            }
        });
        thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    private void run() {
        try {
            client.connect();
            fail(new IOException("the source has ended the connection"));
        } catch (IOException | RuntimeException e) { // told to whoever takes the events
            fail(e);
        }
    }

    private void fail(Throwable e) {
        if (failure == null) {
            failure = e;
        }
    }

    private void received(Event event) {
        if (failure != null || closed) { // the library would go on after what it could not read
            disconnect();
            return;
        }
        try {
            reader.read(event, one -> add(one, (int) event.getHeader().getDataLength()));
        } catch (RuntimeException e) { // the library would go on
            fail(e);
            disconnect();
        }
    }

    private void add(BinlogEvent event, int size) {
        try {
            var held = Math.min(Math.max(size, 1), MOST_BYTES);
            bytes.acquire(held);
            read.add(new Read(event, held));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        }
    }

    /**
     * The next event, which is waited for a moment.
     *
     * @return null when none has come
     * @throws LostException when the server does not have what is to be read
     * @throws IOException when the connection has broken
     */
    public @Nullable Read next(long millis) throws IOException, InterruptedException {
        var next = millis == 0 ? read.poll() : read.poll(millis, TimeUnit.MILLISECONDS);
        if (next != null) {
            bytes.release(next.bytes);
            return next;
        }
        var broken = failure;
        if (broken != null && read.isEmpty()) {
            if (broken instanceof ServerException refused && refused.getErrorCode() == NO_SUCH_PLACE) {
                throw new LostException(refused);
            }
            throw new IOException("the stream of the source has broken: " + broken.getMessage(), broken);
        }
        return null;
    }

    private void disconnect() {
        try {
            client.disconnect();
        } catch (IOException e) { // it was not connected
            fail(e);
        }
    }

    /** Reads no more when this returns. */
    @Override
    public void close() {
        closed = true;
        fail(new IOException("closed"));
        var interrupted = false;
        while (thread.isAlive()) {
            bytes.release(MOST_BYTES);
            disconnect();
            try {
                thread.join(100);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
