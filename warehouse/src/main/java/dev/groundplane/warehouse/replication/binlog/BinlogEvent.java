package dev.groundplane.warehouse.replication.binlog;

/**
 * What the log has, in its order. Changes are in groups: one from each {@link Begin} to the next {@link End}, which is a transaction or
 * a statement that is one for itself.
 */
public sealed interface BinlogEvent {
    /**
     * A group begins.
     *
     * @param position of its first event
     * @param domain of its GTID at MariaDB; else 0
     * @param gtid of it, whole, at MariaDB; else empty
     * @param prepared whether it is the first half of an XA transaction, which only a later statement commits or rolls back
     */
    record Begin(long position, long domain, String gtid, boolean prepared) implements BinlogEvent {}

    /**
     * Rows changed.
     *
     * @param content as the server sent it, see {@link LogTable#rows}
     * @param begin where in it the rows begin
     */
    record Rows(Kind kind, LogTable table, byte[] content, int begin) implements BinlogEvent {}

    /**
     * Somebody's statement: one that makes or alters something, or one that is logged in place of its rows.
     *
     * @param database the session's own; empty when it had none
     */
    record Statement(String database, String text) implements BinlogEvent {}

    /**
     * Something that may have changed rows, and cannot be read.
     *
     * @param what it is, in words
     */
    record Unreadable(String what) implements BinlogEvent {}

    /**
     * A group ends.
     *
     * @param position of what comes next
     * @param millis when it was committed, in milliseconds since 1970; the log counts seconds
     * @param rolledBack whether its changes are not to be
     */
    record End(long position, long millis, boolean rolledBack) implements BinlogEvent {}

    /**
     * The log goes on in another file.
     *
     * @param position of that one's first event
     */
    record Rotated(long position) implements BinlogEvent {}

    /**
     * The file that is read from here on.
     *
     * @param seconds when it was begun, since 1970
     */
    record Begun(long seconds) implements BinlogEvent {}

    /**
     * Nothing of what is before a position is of concern.
     *
     * @param position of what comes next
     */
    record Passed(long position) implements BinlogEvent {}

    /** What happened to rows. */
    enum Kind {
        INSERTED,
        UPDATED,
        DELETED
    }
}
