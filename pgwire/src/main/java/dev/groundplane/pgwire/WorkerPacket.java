package dev.groundplane.pgwire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * With what a warehouse's worker begins a connection to the gateway of its clients: workers connect to gateways, because only
 * connections outward may be open on a host. On the connection of session 0 the gateway then sends the numbers of sessions, eight
 * bytes each, for which it wants a connection, or {@link #END}, {@link #REFUSE_QUERIES}, {@link #ALLOW_QUERIES}, {@link
 * #LOOK_AT_FILES} and {@link #LOOK_AT_SOURCES}; on each of these connections follows what the client sent, from its startup
 * packet on, or {@link Parking#restore}. On a connection of session {@link #CALL} the worker asks the gateway for something, see
 * {@link WorkerMessage}.
 *
 * @param token the secret that the worker was started with
 * @param session 0, {@link #CALL}, or the number that the gateway sent
 */
public record WorkerPacket(String token, long session) {
    /** Of a connection on which the worker has a request of its own. */
    public static final long CALL = -1;

    /** Tells the worker to end; its sessions have all gone. */
    public static final long END = 0;

    /** Tells the worker that a limit is reached: it refuses queries, but ends transactions. */
    public static final long REFUSE_QUERIES = -1;

    /** Tells the worker that queries are allowed again. */
    public static final long ALLOW_QUERIES = -2;

    /** Tells the worker that files may have landed for its copy jobs. */
    public static final long LOOK_AT_FILES = -3;

    /** Tells the worker that what it follows may be another source, or have other tables. */
    public static final long LOOK_AT_SOURCES = -4;

    /** Outside of what PostgreSQL uses. */
    private static final int CODE = 0x4750_0001;

    /** Reads a packet; empty when it is another. */
    public static Optional<WorkerPacket> of(StartupPacket.Private packet) {
        if (packet.code() != CODE || packet.content().length < Long.BYTES) {
            return Optional.empty();
        }
        var content = ByteBuffer.wrap(packet.content());
        var session = content.getLong();
        return Optional.of(
                new WorkerPacket(StandardCharsets.US_ASCII.decode(content).toString(), session));
    }

    /** The bytes on the connection. */
    public byte[] encode() {
        var secret = token.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(2 * Integer.BYTES + Long.BYTES + secret.length)
                .putInt(2 * Integer.BYTES + Long.BYTES + secret.length)
                .putInt(CODE)
                .putLong(session)
                .put(secret)
                .array();
    }

    /** Keeps the secret out of log lines. */
    @Override
    public String toString() {
        return "WorkerPacket[session=" + session + "]";
    }
}
