package dev.groundplane.warehouse.type;

import dev.groundplane.pgwire.Format;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.warehouse.engine.EngineRows;
import java.sql.SQLException;

/** Writes one column's value of the row that a result stands at. */
@FunctionalInterface
public interface ColumnWriter {
    /** @param column from 1 */
    void write(EngineRows row, int column, MessageOutput output) throws SQLException;

    /** What writes values of a type in a format. */
    static ColumnWriter of(SqlType type, Format format) {
        return format == Format.TEXT ? TextValues.writer(type) : BinaryValues.writer(type);
    }
}
