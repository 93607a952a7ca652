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
    private IdentityGuard() {}

    /** @throws SqlFailure 0A000 when a statement inserts a value into such a column */
    public static void check(Statement statement, EngineSession engine, List<String> searchPath) throws SQLException {
        var target = InsertTarget.of(statement);
        if (target.isEmpty()
                || engine.rows("SELECT 1 FROM duckdb_sequences() LIMIT 1").isEmpty()) {
            return;
        }
        var table = new Relations(engine, searchPath).find(target.get().table());
        if (table.isEmpty()) {
            return; // the engine says so
        }
        var columns = TableDefinition.of(engine, table.get()).columns();
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
