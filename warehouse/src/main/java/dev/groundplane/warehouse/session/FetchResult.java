package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Column;
import dev.groundplane.pgwire.Format;
import dev.groundplane.pgwire.MessageOutput;
import java.io.IOException;
import java.util.List;

/** The next rows of a cursor, whose result stays open. For one thread. */
final class FetchResult implements Result {
    private final Result cursor;
    private final int count;
    private final long before;
    private int written;

    /** @param count of rows; 0 for all that are left */
    FetchResult(Result cursor, int count) {
        this.cursor = cursor;
        this.count = count;
        this.before = cursor.rowsWritten();
    }

    @Override
    public List<Column> columns() {
        return cursor.columns();
    }

    @Override
    public boolean hasRows() {
        return cursor.hasRows();
    }

    @Override
    public boolean writeRows(MessageOutput output, List<Format> formats, int limit) throws IOException {
        var left = count - written;
        var portion = count == 0 ? limit : limit == 0 ? left : Math.min(left, limit);
        var ended = cursor.writeRows(output, formats, portion);
        written = (int) rowsWritten();
        return ended || (count > 0 && written >= count);
    }

    @Override
    public long rowsWritten() {
        return cursor.rowsWritten() - before;
    }

    @Override
    public String tag() {
        return "FETCH " + rowsWritten();
    }

    @Override
    public void close() {}
}
