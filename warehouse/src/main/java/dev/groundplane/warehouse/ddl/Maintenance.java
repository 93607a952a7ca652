package dev.groundplane.warehouse.ddl;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineErrors;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Ddl;
import dev.groundplane.warehouse.sql.Ddl.Kind;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.List;

/** {@code VACUUM}, {@code ANALYZE} and {@code TRUNCATE}. */
final class Maintenance {
    private final DdlContext context;
    private final EngineSession engine;
    private final Relations relations;

    Maintenance(DdlContext context) {
        this.context = context;
        this.engine = context.engine();
        this.relations = new Relations(context);
    }

    /** Gives the space of deleted rows back, of all tables: the engine does that when it writes its log into the file. */
    void vacuum(Ddl.Vacuum vacuum) throws SQLException {
        if (engine.inTransaction()) {
            throw SqlFailure.of(SqlState.ACTIVE_TRANSACTION, "VACUUM cannot run inside a transaction block");
        }
        if (!vacuum.table().isEmpty()) {
            relations.require(vacuum.table(), Kind.TABLE);
        }
        try {
            context.runLong("CHECKPOINT " + Names.quote(engine.database()));
        } catch (SQLException e) {
            // While others write it is done at their end.
            if (!EngineErrors.report(e).sqlState().equals(SqlState.ACTIVE_TRANSACTION)) {
                throw e;
            }
        }
    }

    /** Brings the planner's statistics up to date. */
    void analyze(Ddl.Analyze analyze) throws SQLException {
        if (analyze.table().isEmpty()) {
            for (var relation : relations.all()) {
                if (!relation.isView()) {
                    context.runLong("ANALYZE " + relation.sql());
                }
            }
            return;
        }
        var table = relations.require(analyze.table(), Kind.TABLE);
        var definition = TableDefinition.of(engine, table);
        for (var column : analyze.columns()) {
            definition.column(column, table);
        }
        var columns = analyze.columns().isEmpty() ? "" : "(" + TableDefinition.list(analyze.columns()) + ")";
        context.runLong("ANALYZE " + table.sql() + columns);
    }

    /** Removes all rows. Other than in Redshift, it does not commit: a rollback brings them back. */
    void truncate(List<String> name) throws SQLException {
        var table = relations.require(name, Kind.TABLE);
        context.runLong("TRUNCATE " + table.sql());
    }
}
