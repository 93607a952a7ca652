package dev.groundplane.pgwire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a client sends first on a connection, the only packets without a type byte. */
public sealed interface StartupPacket {
    /** Asks for TLS; answered with the byte {@code S} or {@code N}. */
    record TlsRequest() implements StartupPacket {}

    /** Asks for encryption by GSSAPI; answered with the byte {@code N} where there is none. */
    record GssRequest() implements StartupPacket {}

    /**
     * Asks to cancel what another connection runs. Never answered.
     *
     * @param processId of that connection's BackendKeyData
     * @param secretKey of that connection's BackendKeyData
     */
    record Cancel(int processId, int secretKey) implements StartupPacket {
        private static final int CODE = 80_877_102;
        private static final int LENGTH = 16;

        /** The bytes on the connection. */
        public byte[] encode() {
            return ByteBuffer.allocate(LENGTH)
                    .putInt(LENGTH)
                    .putInt(CODE)
                    .putInt(processId)
                    .putInt(secretKey)
                    .array();
        }
    }

    /**
     * Begins a session.
     *
     * @param minorVersion of protocol 3; a server that knows only 0 says so by NegotiateProtocolVersion
     * @param parameters {@code user}, {@code database} and settings of the session, in the client's order
     */
    record Startup(int minorVersion, Map<String, String> parameters) implements StartupPacket {
        private static final int VERSION_3 = 3 << 16;

        /** The bytes on the connection. */
        public byte[] encode() {
            var content = new ByteArrayOutputStream();
            parameters.forEach((name, value) -> {
                content.writeBytes(name.getBytes(StandardCharsets.UTF_8));
                content.write(0);
                content.writeBytes(value.getBytes(StandardCharsets.UTF_8));
                content.write(0);
            });
            content.write(0);
            return ByteBuffer.allocate(2 * Integer.BYTES + content.size())
                    .putInt(2 * Integer.BYTES + content.size())
                    .putInt(VERSION_3 | minorVersion)
                    .put(content.toByteArray())
                    .array();
        }
    }

    /**
     * A packet with a code of the server's own, outside of those that PostgreSQL gives.
     *
     * @param code the four bytes in which other packets have the protocol's version
     * @param content what follows, at most {@link MessageInput#LONGEST_STARTUP} bytes
     */
    record Private(int code, byte[] content) implements StartupPacket {}
}
