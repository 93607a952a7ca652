package dev.groundplane.pgwire;

import java.nio.ByteBuffer;

/**
 * How a gateway has a warehouse's worker keep its databases' files still enough to be copied. The gateway sends {@link #request} on
 * a connection that it asked for as for a session. The worker answers with a {@link WorkerMessage}, a JSON array of the databases'
 * names. From then until the gateway closes the connection, a file changes only where nothing is that it has, and its log only at
 * its end.
 */
public final class CheckpointHold {
    /** Outside of what PostgreSQL uses. */
    private static final int CODE = 0x4750_0004;

    private CheckpointHold() {}

    /** Begins the connection. */
    public static byte[] request() {
        var length = 2 * Integer.BYTES;
        return ByteBuffer.allocate(length).putInt(length).putInt(CODE).array();
    }

    /** Whether a packet is a request. */
    public static boolean isRequest(StartupPacket.Private packet) {
        return packet.code() == CODE;
    }
}
