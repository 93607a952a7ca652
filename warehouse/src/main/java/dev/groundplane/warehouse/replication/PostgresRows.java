package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.sql.Names;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Rows that PostgreSQL writes by {@code COPY}. */
record PostgresRows(CopyOut copy) implements Rows {
    /** @param source in a transaction with the snapshot that is read */
    static PostgresRows open(Connection source, SourceTable table) throws SQLException {
        return new PostgresRows(source.unwrap(PGConnection.class).getCopyAPI().copyOut(query(table)));
    }

    private static String query(SourceTable table) {
        return "COPY (SELECT %s FROM %s.%s) TO STDOUT (FORMAT csv)"
                .formatted(TableWriter.columns(table), Names.quote(table.schema()), Names.quote(table.name()));
    }

    @Override
    public byte @Nullable [] next() throws SQLException {
        return copy.isActive() ? copy.readFromCopy() : null;
    }

    @Override
    public boolean areLeft() {
        return copy.isActive();
    }

    @Override
    public void cancel() throws SQLException {
        copy.cancelCopy();
    }
}
