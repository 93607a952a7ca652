package dev.groundplane.warehouse.replication.binlog;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A table as the log announces it before its rows.
 *
 * @param types of its columns, as the protocol numbers them, with what each of them has besides
 * @param names of its columns; empty when the log does not have them, because {@code binlog_row_metadata} is not {@code FULL}
 */
public record LogTable(String database, String name, List<LogType> types, List<String> names) {
    private static final int ID_BYTES = 6;
    private static final int FLAG_BYTES = 2;
    /** The kind of metadata that is the columns' names. */
    private static final int COLUMN_NAMES = 4;

    /** The table of an event of the kind {@code TABLE_MAP}, of which the number that rows refer to was read. */
    static LogTable of(Cursor event) {
        event.skip(FLAG_BYTES);
        var database = event.text((int) event.little(1));
        event.skip(1); // a zero
        var name = event.text((int) event.little(1));
        event.skip(1);
        var codes = event.bytes(event.packed());
        var metadata = new Cursor(event.bytes(event.packed()));
        var types = new ArrayList<LogType>();
        for (var code : codes) {
            types.add(LogType.of(code & 0xFF, metadata));
        }
        event.bits(codes.length); // which may be NULL
        var names = new ArrayList<String>();
        while (event.remaining() > 0) {
            var kind = event.little(1);
            var content = new Cursor(event.bytes(event.packed()));
            while (kind == COLUMN_NAMES && content.remaining() > 0) {
                names.add(content.text(content.packed()));
            }
        }
        return new LogTable(database, name, List.copyOf(types), List.copyOf(names));
    }

    /** The number that the server gave the table of an event. */
    static long id(Cursor event) {
        return event.little(ID_BYTES);
    }

    /** Rows do not have all columns, because {@code binlog_row_image} was not {@code FULL}. */
    public static final class PartialRows extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /**
     * The rows of an event, in their order.
     *
     * @param readers of the columns
     * @param rows takes each row's values, null for NULL: of an updated one as it was and as it is; else it alone, and null
     */
    public void rows(
            BinlogEvent.Rows event,
            List<ColumnReader> readers,
            BiConsumer<List<@Nullable String>, @Nullable List<@Nullable String>> rows)
            throws PartialRows {
        var content = new Cursor(event.content());
        content.skip(event.begin());
        var width = content.packed();
        var updated = event.kind() == BinlogEvent.Kind.UPDATED;
        for (var images = updated ? 2 : 1; images > 0; images--) {
            if (content.bits(width).cardinality() < width) {
                throw new PartialRows();
            }
        }
        while (content.remaining() > 0) {
            var row = row(content, readers);
            rows.accept(row, updated ? row(content, readers) : null);
        }
    }

    private List<@Nullable String> row(Cursor content, List<ColumnReader> readers) {
        BitSet empty = content.bits(types.size());
        var row = new ArrayList<@Nullable String>(types.size());
        for (var i = 0; i < types.size(); i++) {
            row.add(empty.get(i) ? null : readers.get(i).read(content));
        }
        return row;
    }
}
