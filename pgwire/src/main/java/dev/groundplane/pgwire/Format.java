package dev.groundplane.pgwire;

import java.util.List;

/** How a value is written in a message. */
public enum Format {
    TEXT,
    BINARY;

    static Format of(int code) throws ProtocolViolation {
        return switch (code) {
            case 0 -> TEXT;
            case 1 -> BINARY;
            default -> throw new ProtocolViolation("format code %d: use 0 for text or 1 for binary".formatted(code));
        };
    }

    /** The code in messages. */
    short code() {
        return this == TEXT ? (short) 0 : 1;
    }

    /** The format of one value, when formats were given once for all, for each, or not at all. */
    public static Format at(int index, List<Format> formats) {
        return switch (formats.size()) {
            case 0 -> TEXT;
            case 1 -> formats.getFirst();
            default -> formats.get(index);
        };
    }
}
