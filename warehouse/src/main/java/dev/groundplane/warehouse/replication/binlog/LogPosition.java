package dev.groundplane.warehouse.replication.binlog;

/**
 * A place in a server's binary log as one number: of two places of the same log the later one has the greater number. That is an
 * order, which GTIDs of several domains or servers have not. It holds for one server's files alone, so whoever keeps a number also
 * keeps which server it is of, and the GTID of the place, to find out whether it is still the same log.
 */
public final class LogPosition {
    /** A file has less than a terabyte; one transaction may make it larger than the four gigabytes that events count to. */
    private static final int OFFSET_BITS = 40;

    private static final int DIGITS = 6;

    /** Where the first event of a file is. */
    public static final int FIRST = 4;

    private LogPosition() {}

    /**
     * The place in a file.
     *
     * @param file its name, which ends with a dot and its number
     * @param offset of an event, in bytes
     */
    public static long of(String file, long offset) {
        return (number(file) << OFFSET_BITS) | offset;
    }

    /** The number of a file of this name. */
    public static long number(String file) {
        return Long.parseLong(file.substring(file.lastIndexOf('.') + 1));
    }

    /** The number of a place's file. */
    public static long number(long position) {
        return position >> OFFSET_BITS;
    }

    /**
     * The name of a place's file.
     *
     * @param base what the names of all files begin with
     */
    public static String file(String base, long position) {
        return base + "." + String.format("%0" + DIGITS + "d", number(position));
    }

    /** A place's offset in its file, in bytes. */
    public static long offset(long position) {
        return position & ((1L << OFFSET_BITS) - 1);
    }
}
