package dev.groundplane.warehouse.replication.binlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.BitSet;

/** Reads an event's bytes from the first to the last, in the encodings that the log has. Reading past the end fails. */
public final class Cursor {
    private static final int TWO_BYTES = 0xFC;
    private static final int THREE_BYTES = 0xFD;

    private final byte[] bytes;
    private int place;

    Cursor(byte[] bytes) {
        this.bytes = bytes;
    }

    int remaining() {
        return bytes.length - place;
    }

    /** How many bytes were read. */
    int place() {
        return place;
    }

    void skip(int count) {
        place += count;
    }

    /** An unsigned integer of up to eight bytes, the lowest first. */
    long little(int count) {
        var value = 0L;
        for (var i = 0; i < count; i++) {
            value |= (bytes[place + i] & 0xFFL) << (Byte.SIZE * i);
        }
        place += count;
        return value;
    }

    /** An unsigned integer of up to eight bytes, the highest first. */
    long big(int count) {
        var value = 0L;
        for (var i = 0; i < count; i++) {
            value = (value << Byte.SIZE) | (bytes[place + i] & 0xFFL);
        }
        place += count;
        return value;
    }

    /** A signed integer, the lowest byte first. */
    long signed(int count) {
        var unused = Long.SIZE - Byte.SIZE * count;
        return (little(count) << unused) >> unused;
    }

    /** An integer whose first byte is itself, or else tells how many bytes it has. */
    int packed() {
        var first = (int) little(1);
        return switch (first) {
            case TWO_BYTES -> (int) little(2);
            case THREE_BYTES -> (int) little(3);
            default -> first;
        };
    }

    byte[] bytes(int count) {
        var read = new byte[count];
        System.arraycopy(bytes, place, read, 0, count);
        place += count;
        return read;
    }

    String text(int count) {
        var read = new String(bytes, place, count, UTF_8);
        place += count;
        return read;
    }

    /** A set of so many bits, in as many bytes as these need. */
    BitSet bits(int count) {
        return BitSet.valueOf(bytes((count + Byte.SIZE - 1) / Byte.SIZE));
    }
}
