package dev.groundplane.warehouse.replication;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.groundplane.warehouse.replication.binlog.DeclaredType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows that MariaDB or MySQL selects, sent as they are read. */
final class CopiedRows implements Rows {
    private static final Logger log = LoggerFactory.getLogger(CopiedRows.class);
    private static final int AT_A_TIME = 1_000;

    private final Statement statement;
    private final ResultSet rows;
    private final int width;
    private volatile boolean left = true;

    private CopiedRows(Statement statement, ResultSet rows, int width) {
        this.statement = statement;
        this.rows = rows;
        this.width = width;
    }

    /** The source has failed, and not the engine. */
    static final class SourceException extends SQLException {
        private static final long serialVersionUID = 1L;

        private SourceException(SQLException cause) {
            super(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), cause);
        }
    }

    /** @param source in a transaction with the snapshot that is read */
    static CopiedRows open(Connection source, SourceTable table) throws SourceException {
        var columns = new ArrayList<String>();
        BinlogTable.of(table)
                .columns()
                .forEach(column ->
                        columns.add(DeclaredType.of(column.declared()).select(BinlogCatalog.quote(column.name()))));
        try {
            var statement = source.createStatement();
            statement.setFetchSize(AT_A_TIME);
            var rows = statement.executeQuery("SELECT %s FROM %s.%s"
                    .formatted(
                            String.join(", ", columns),
                            BinlogCatalog.quote(table.schema()),
                            BinlogCatalog.quote(table.name())));
            return new CopiedRows(statement, rows, columns.size());
        } catch (SQLException e) {
            throw new SourceException(e);
        }
    }

    @Override
    public byte @Nullable [] next() throws SourceException {
        try {
            if (!left || !rows.next()) {
                left = false;
                statement.close();
                return null;
            }
            var line = new StringBuilder();
            for (var i = 1; i <= width; i++) {
                var value = rows.getString(i);
                if (value != null) {
                    line.append('"').append(value.replace("\"", "\"\"")).append('"');
                }
                line.append(i < width ? ',' : '\n');
            }
            return line.toString().getBytes(UTF_8);
        } catch (SQLException e) {
            throw new SourceException(e);
        }
    }

    @Override
    public boolean areLeft() {
        return left;
    }

    @Override
    public void cancel() throws SQLException {
        statement.cancel(); // else all that are left were read with the next statement
        try {
            statement.close();
        } catch (SQLException e) {
            log.debug("reading has ended, as it should", e);
        }
    }
}
