package dev.groundplane.warehouse.replication.binlog;

/**
 * A column's type as the log has it.
 *
 * @param code the protocol's number
 * @param size what it has besides: the bytes of a length or of a number, or the digits of a fraction
 * @param scale the digits behind the point of a decimal; else 0
 */
public record LogType(int code, int size, int scale) {
    static final int TINY = 1;
    static final int SHORT = 2;
    static final int LONG = 3;
    static final int FLOAT = 4;
    static final int DOUBLE = 5;
    static final int LONGLONG = 8;
    static final int INT24 = 9;
    static final int DATE = 10;
    static final int YEAR = 13;
    static final int VARCHAR = 15;
    static final int BIT = 16;
    static final int TIMESTAMP2 = 17;
    static final int DATETIME2 = 18;
    static final int TIME2 = 19;
    private static final int BLOB_COMPRESSED = 140;
    private static final int VARCHAR_COMPRESSED = 141;
    static final int VECTOR = 242;
    static final int JSON = 245;
    static final int NEWDECIMAL = 246;
    static final int ENUM = 247;
    static final int SET = 248;
    static final int BLOB = 252;
    private static final int VAR_STRING = 253;
    static final int STRING = 254;
    static final int GEOMETRY = 255;
    /** Bits of a string's type that are taken for its length, inverted, where that is longer than a byte tells. */
    private static final int LENGTH_BITS = 0x30;

    private static final int LONGEST_OF_ONE_BYTE = 255;

    /** A column's type, of whose metadata as much is read as belongs to it. */
    static LogType of(int code, Cursor metadata) {
        return switch (code) {
            case FLOAT, DOUBLE, BLOB, BLOB_COMPRESSED, GEOMETRY, VECTOR, JSON, TIMESTAMP2, DATETIME2, TIME2 ->
                new LogType(code, (int) metadata.little(1), 0);
            case VARCHAR, VARCHAR_COMPRESSED -> new LogType(code, lengthBytes((int) metadata.little(2)), 0);
            case NEWDECIMAL -> new LogType(code, (int) metadata.little(1), (int) metadata.little(1));
            case BIT -> {
                var bits = (int) metadata.little(1);
                yield new LogType(code, (int) metadata.little(1) + (bits > 0 ? 1 : 0), 0);
            }
            case STRING, VAR_STRING, ENUM, SET -> {
                var real = (int) metadata.little(1);
                var length = (int) metadata.little(1);
                var longer = (real & LENGTH_BITS) ^ LENGTH_BITS;
                yield real == ENUM || real == SET
                        ? new LogType(real, length, 0)
                        : new LogType(STRING, lengthBytes(length | (longer << 4)), 0);
            }
            default -> new LogType(code, 0, 0);
        };
    }

    private static int lengthBytes(int longest) {
        return longest > LONGEST_OF_ONE_BYTE ? 2 : 1;
    }
}
