package dev.groundplane.pgwire;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a gateway and a warehouse's worker say to each other about a session whose client is silent. The gateway sends {@link
 * #request} where the client's next message would begin. The worker answers on its connection of session 0, see {@link Answer}; if
 * the session is parked, its own connection ends then. When the client speaks again, another connection begins with {@link
 * #restore}, and the client's messages follow.
 */
public final class Parking {
    /** The type of the gateway's request among a client's messages, which have no such type. */
    static final int REQUEST = 0x01;

    /** Outside of what PostgreSQL uses. */
    private static final int RESTORE = 0x4750_0003;

    private static final int LONGEST_STATE = 256 * 1024 * 1024;

    private Parking() {}

    /** Asks to park the session. */
    public static byte[] request() {
        return ByteBuffer.allocate(1 + Integer.BYTES)
                .put((byte) REQUEST)
                .putInt(Integer.BYTES)
                .array();
    }

    /** Begins a connection on which a session goes on. */
    public static byte[] restore(byte[] state) {
        var head = 3 * Integer.BYTES;
        return ByteBuffer.allocate(head + state.length)
                .putInt(head)
                .putInt(RESTORE)
                .putInt(state.length)
                .put(state)
                .array();
    }

    /**
     * The state that follows a packet of {@link #restore}; empty when it is another.
     *
     * @throws IOException when the state does not follow whole
     */
    public static Optional<byte[]> state(StartupPacket.Private packet, DataInputStream input) throws IOException {
        if (packet.code() != RESTORE || packet.content().length != Integer.BYTES) {
            return Optional.empty();
        }
        return Optional.of(bytes(input, ByteBuffer.wrap(packet.content()).getInt()));
    }

    /**
     * A worker's answer to a request.
     *
     * @param session the number that the gateway gave it
     * @param state of the session, which has ended for now; empty when it cannot be parked and goes on
     */
    public record Answer(long session, Optional<byte[]> state) {
        private static final int NONE = -1;

        /** The bytes on the connection. */
        public byte[] encode() {
            var content = state.orElse(new byte[0]);
            return ByteBuffer.allocate(Long.BYTES + Integer.BYTES + content.length)
                    .putLong(session)
                    .putInt(state.isPresent() ? content.length : NONE)
                    .put(content)
                    .array();
        }

        /**
         * Blocks until an answer is there.
         *
         * @throws java.io.EOFException at the end of the connection
         */
        public static Answer read(DataInputStream input) throws IOException {
            var session = input.readLong();
            var length = input.readInt();
            return new Answer(session, length == NONE ? Optional.empty() : Optional.of(bytes(input, length)));
        }
    }

    private static byte[] bytes(DataInputStream input, int length) throws IOException {
        if (length < 0 || length > LONGEST_STATE) {
            throw new IOException(
                    "a session's state of %d bytes; at most %d are allowed".formatted(length, LONGEST_STATE));
        }
        var bytes = new byte[length];
        input.readFully(bytes);
        return bytes;
    }
}
