package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Column;
import dev.groundplane.pgwire.Format;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.io.IOException;
import java.util.List;

/** What came of a statement. */
interface Result extends AutoCloseable {
    /** The columns of its rows; empty when it gives none. */
    List<Column> columns();

    /** Whether it has rows, even none of them. */
    boolean hasRows();

    /**
     * Writes its next rows.
     *
     * @param limit how many at most; 0 for all
     * @return true when there are none left
     * @throws SqlFailure when a row cannot be read
     */
    boolean writeRows(MessageOutput output, List<Format> formats, int limit) throws IOException;

    /** What the client is told besides, before it is told that the statement was carried out. */
    default List<String> notices() {
        return List.of();
    }

    /** How many rows were written so far. */
    long rowsWritten();

    /** What CommandComplete says, once all rows were written. */
    String tag();

    @Override
    void close();
}
