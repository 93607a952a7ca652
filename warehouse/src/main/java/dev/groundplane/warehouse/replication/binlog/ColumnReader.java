package dev.groundplane.warehouse.replication.binlog;

/** Reads a column's values from rows of the log, as the text that the server itself makes of them where it has one. */
@FunctionalInterface
public interface ColumnReader {
    /** The value that comes next; it is not NULL. */
    String read(Cursor row);
}
