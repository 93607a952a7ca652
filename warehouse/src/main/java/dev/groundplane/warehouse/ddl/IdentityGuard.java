package dev.groundplane.warehouse.ddl;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.InsertTarget;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.Statement;
import java.sql.SQLException;
import java.util.List;

/** Keeps values of their own from IDENTITY columns, other than those that are so by default only. */
public final class IdentityGuard {
    private static final String ANY_IDENTITY =
            "SELECT 1 FROM duckdb_sequences() WHERE starts_with(sequence_name, '%s') LIMIT 1"
                    .formatted(IdentitySequences.PREFIX);

    private record ColumnsOf(List<String> table, List<String> searchPath) {}

    private IdentityGuard() {}

    /** All columns of a table; none when no table has identities, or there is no such table: the engine says so. */
    private static List<TableDefinition.Column> columns(
            EngineSession engine, List<String> name, List<String> searchPath) throws SQLException {
        if (engine.rows(ANY_IDENTITY).isEmpty()) {
            return List.of();
        }
        var table = new Relations(engine, searchPath).find(name);
        return table.isEmpty()
                ? List.of()
                : TableDefinition.of(engine, table.get()).columns();
    }

    /** @throws SqlFailure 0A000 when a statement inserts a value into such a column */
    public static void check(Statement statement, EngineSession engine, List<String> searchPath) throws SQLException {
        var target = InsertTarget.of(statement);
        if (target.isEmpty()) {
            return;
        }
        // Looking at tables takes longer than most inserts.
        var columns = engine.known(
                new ColumnsOf(target.get().table(), searchPath),
                () -> columns(engine, target.get().table(), searchPath));
        for (var place = 0; place < columns.size(); place++) {
            var column = columns.get(place);
            var identity = column.notes().identity();
            if (identity != null && identity.always() && target.get().sets(column.name(), place)) {
                throw SqlFailure.of(
                        SqlState.FEATURE_NOT_SUPPORTED,
                        "cannot set an identity column to a value",
                        "Leave out \"%s\", or write DEFAULT.".formatted(column.name()));
            }
        }
    }
}
