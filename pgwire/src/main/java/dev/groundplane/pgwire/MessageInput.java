package dev.groundplane.pgwire;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a client's messages. Buffers nothing itself, so that the stream below can be replaced by an encrypted one between two
 * packets. For one thread.
 */
public final class MessageInput {
    /** As PostgreSQL's MAX_STARTUP_PACKET_LENGTH. */
    public static final int LONGEST_STARTUP = 10_000;

    private static final int TLS_REQUEST = 80_877_103;
    private static final int GSS_REQUEST = 80_877_104;
    private static final int CANCEL_REQUEST = 80_877_102;
    private static final int VERSION_3 = 3;

    private final DataInputStream input;
    private final int longestMessage;

    /** @param longestMessage bytes; a longer message is a violation, before memory is taken for it */
    public MessageInput(InputStream input, int longestMessage) {
        this.input = new DataInputStream(input);
        this.longestMessage = longestMessage;
    }

    /**
     * Blocks until the packet is there; null at the end of the stream.
     *
     * @throws ProtocolViolation when it is none
     */
    public @Nullable StartupPacket readStartup() throws IOException {
        var first = input.read();
        if (first < 0) {
            return null;
        }
        // The packets of protocol 3 are short, so the first byte of their length is 0.
        var length = (first << 24) | (input.readUnsignedByte() << 16) | input.readUnsignedShort();
        if (length < 8 || length > LONGEST_STARTUP) {
            throw new ProtocolViolation(
                    "startup packet of %d bytes: a packet has 8 to %d; is the client one of PostgreSQL's protocol?"
                            .formatted(length, LONGEST_STARTUP));
        }
        var code = input.readInt();
        var content = new MessageContent(readContent(length - 8));
        return switch (code) {
            case TLS_REQUEST -> new StartupPacket.TlsRequest();
            case GSS_REQUEST -> new StartupPacket.GssRequest();
            case CANCEL_REQUEST -> new StartupPacket.Cancel(content.int32(), content.int32());
            default ->
                code >> 16 == VERSION_3
                        ? startup(code & 0xFFFF, content)
                        : new StartupPacket.Private(code, content.remaining());
        };
    }

    private static StartupPacket startup(int minorVersion, MessageContent content) throws ProtocolViolation {
        var parameters = new LinkedHashMap<String, String>();
        for (var name = content.string(); !name.isEmpty(); name = content.string()) {
            parameters.put(name, content.string());
        }
        return new StartupPacket.Startup(minorVersion, parameters);
    }

    /**
     * Blocks until a message is there; null at the end of the stream.
     *
     * @throws ProtocolViolation when it is none
     */
    public @Nullable FrontendMessage read() throws IOException {
        var type = input.read();
        if (type < 0) {
            return null;
        }
        var length = input.readInt();
        if (length < 4 || length - 4 > longestMessage) {
            throw new ProtocolViolation("message %s of %d bytes: a message has 4 to %d"
                    .formatted(MessageContent.shown(type), length, longestMessage));
        }
        return FrontendMessages.decode(type, new MessageContent(readContent(length - 4)));
    }

    private byte[] readContent(int length) throws IOException {
        // Grows with what comes: a length alone takes no memory.
        var content = input.readNBytes(length);
        if (content.length < length) {
            throw new EOFException("the connection ended within a message");
        }
        return content;
    }
}
