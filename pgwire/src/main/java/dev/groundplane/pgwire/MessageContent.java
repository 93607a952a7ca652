package dev.groundplane.pgwire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The parts of one message, read one after the other. */
final class MessageContent {
    private final ByteBuffer bytes;

    MessageContent(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    byte int8() throws ProtocolViolation {
        return require(1).get();
    }

    int int16() throws ProtocolViolation {
        return require(2).getShort() & 0xFFFF;
    }

    int int32() throws ProtocolViolation {
        return require(4).getInt();
    }

    byte[] bytes(int length) throws ProtocolViolation {
        var part = new byte[length];
        require(length).get(part);
        return part;
    }

    byte[] remaining() {
        var part = new byte[bytes.remaining()];
        bytes.get(part);
        return part;
    }

    /** Text up to the next zero byte. */
    String string() throws ProtocolViolation {
        var end = bytes.position();
        while (end < bytes.limit() && bytes.get(end) != 0) {
            end++;
        }
        if (end == bytes.limit()) {
            throw new ProtocolViolation("a text in a message has no end: it ends with a zero byte");
        }
        var text = utf8(bytes.slice(bytes.position(), end - bytes.position()));
        bytes.position(end + 1);
        return text;
    }

    List<Integer> int32s() throws ProtocolViolation {
        var count = int16();
        var values = new ArrayList<Integer>(count);
        for (var i = 0; i < count; i++) {
            values.add(int32());
        }
        return values;
    }

    List<Format> formats() throws ProtocolViolation {
        var count = int16();
        var formats = new ArrayList<Format>(count);
        for (var i = 0; i < count; i++) {
            formats.add(Format.of(int16()));
        }
        return formats;
    }

    /** All has been read. */
    void end(int type) throws ProtocolViolation {
        if (bytes.hasRemaining()) {
            throw new ProtocolViolation(
                    "message %s has %d bytes more than its parts".formatted(shown(type), bytes.remaining()));
        }
    }

    /** A message's type as one reads it. */
    static String shown(int type) {
        return type > ' ' && type < 0x7F ? "'" + (char) type + "'" : "0x%02x".formatted(type);
    }

    private static String utf8(ByteBuffer part) throws ProtocolViolation {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(part).toString();
        } catch (CharacterCodingException e) {
            throw new ProtocolViolation("a text in a message is not UTF-8");
        }
    }

    private ByteBuffer require(int length) throws ProtocolViolation {
        if (length < 0 || bytes.remaining() < length) {
            throw new ProtocolViolation(
                    "a message ends early: %d bytes wanted, %d left".formatted(length, bytes.remaining()));
        }
        return bytes;
    }
}
