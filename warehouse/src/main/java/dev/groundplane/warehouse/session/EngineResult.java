package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Column;
import dev.groundplane.pgwire.Format;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineRows;
import dev.groundplane.warehouse.sql.CommandTag;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.Statement;
import dev.groundplane.warehouse.type.ColumnWriter;
import dev.groundplane.warehouse.type.EngineType;
import dev.groundplane.warehouse.type.SqlType;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the engine gave for a statement. Owns the engine's statement. */
final class EngineResult implements Result {
    /** Statements whose engine's result tells how many rows they changed, in a row or a count, and has no rows for clients. */
    private static final Set<String> CHANGES = Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "CREATE", "DROP", "ALTER");

    /** After so many it is asked whether the request was cancelled: none of the engine's work is there to be broken off. */
    private static final int ROWS_BETWEEN_CHECKS = 256;

    private final Statement statement;
    private final SessionContext session;
    private final PreparedStatement executed;
    private final @Nullable EngineRows rows;
    private final List<SqlType> types;
    private final List<Column> columns;
    private long count;

    private EngineResult(
            Statement statement,
            SessionContext session,
            PreparedStatement executed,
            @Nullable EngineRows rows,
            List<EngineType> types,
            List<Column> columns,
            long count) {
        this.statement = statement;
        this.session = session;
        this.executed = executed;
        this.rows = rows;
        this.types = types.stream().map(EngineType::type).toList();
        this.columns = columns;
        this.count = count;
    }

    /** Executes a prepared statement, which is closed with the result. */
    static EngineResult of(Statement statement, PreparedStatement prepared, SessionContext session)
            throws SQLException {
        var limit = session.settings().statementTimeout();
        if (CHANGES.contains(statement.verb())) {
            session.engine().execute(prepared, limit);
            return new EngineResult(
                    statement, session, prepared, null, List.of(), List.of(), Math.max(0, prepared.getUpdateCount()));
        }
        var described = prepared.getMetaData();
        var types = types(described);
        return new EngineResult(
                statement,
                session,
                prepared,
                session.engine().query(prepared, limit),
                types,
                columns(described, types),
                0);
    }

    /** The columns of a statement that was not executed; empty when it gives no rows. */
    static List<Column> columns(Statement statement, PreparedStatement prepared) throws SQLException {
        var described = prepared.getMetaData();
        return described == null || CHANGES.contains(statement.verb())
                ? List.of()
                : columns(described, types(described));
    }

    private static List<EngineType> types(ResultSetMetaData described) throws SQLException {
        var types = new ArrayList<EngineType>();
        for (var i = 1; i <= described.getColumnCount(); i++) {
            types.add(EngineType.of(described.getColumnTypeName(i)));
        }
        return types;
    }

    private static List<Column> columns(ResultSetMetaData described, List<EngineType> types) throws SQLException {
        var columns = new ArrayList<Column>();
        for (var i = 0; i < types.size(); i++) {
            var type = types.get(i);
            columns.add(type.type().column(ColumnLabel.of(described.getColumnName(i + 1)), type.typeModifier()));
        }
        return columns;
    }

    @Override
    public List<Column> columns() {
        return columns;
    }

    @Override
    public boolean hasRows() {
        return rows != null;
    }

    @Override
    public boolean writeRows(MessageOutput output, List<Format> formats, int limit) throws IOException {
        if (rows == null) {
            return true;
        }
        var writers = new ColumnWriter[types.size()];
        for (var i = 0; i < writers.length; i++) {
            writers[i] = ColumnWriter.of(types.get(i), Format.at(i, formats));
        }
        try {
            for (var written = 0; limit == 0 || written < limit; written++) {
                if (written % ROWS_BETWEEN_CHECKS == 0) {
                    session.engine().requireGoing();
                }
                if (!rows.next()) {
                    return true;
                }
                output.beginRow(writers.length);
                for (var i = 0; i < writers.length; i++) {
                    writers[i].write(rows, i + 1, output);
                }
                output.endRow();
                count++;
            }
            return false;
        } catch (SQLException e) {
            throw new SqlFailure(session.statements().report(e, session.engine()));
        } catch (DateTimeException e) {
            throw SqlFailure.of(
                    SqlState.DATETIME_FIELD_OVERFLOW,
                    "a date or time of the result is out of range: " + e.getMessage());
        }
    }

    @Override
    public long rowsWritten() {
        return count;
    }

    @Override
    public String tag() {
        return CommandTag.of(statement, count);
    }

    @Override
    public void close() {
        try {
            if (rows != null) {
                rows.close();
            }
            executed.close();
        } catch (SQLException e) {
            throw new IllegalStateException("the engine does not free a result", e);
        }
    }
}
