package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Column;
import dev.groundplane.pgwire.Format;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.warehouse.type.SqlType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a statement that the engine has no part in: a tag, and one value at most.
 *
 * @param value null for none
 */
record PlainResult(
        String tag, List<Column> columns, @Nullable String value, List<String> notices) implements Result {
    /** Nothing but a tag. */
    static PlainResult of(String tag) {
        return new PlainResult(tag, List.of(), null, List.of());
    }

    /** One row with one text. */
    static PlainResult of(String tag, String column, String value) {
        return new PlainResult(tag, List.of(SqlType.TEXT.column(column, -1)), value, List.of());
    }

    /** The same with more to tell. */
    PlainResult with(List<String> more) {
        return new PlainResult(tag, columns, value, more);
    }

    @Override
    public boolean hasRows() {
        return value != null;
    }

    @Override
    public boolean writeRows(MessageOutput output, List<Format> formats, int limit) throws IOException {
        if (value != null) {
            output.beginRow(1);
            output.value(value.getBytes(StandardCharsets.UTF_8));
            output.endRow();
        }
        return true;
    }

    @Override
    public long rowsWritten() {
        return value == null ? 0 : 1;
    }

    @Override
    public void close() {}
}
