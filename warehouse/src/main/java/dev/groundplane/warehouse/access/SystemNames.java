package dev.groundplane.warehouse.access;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.sql.EngineFiles;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.Statement;
import java.util.Set;

/** Names that nobody may use, superusers included: of the hidden schema, and of functions that take text for a query. */
final class SystemNames {
    private static final Set<String> TEXT_AS_QUERY =
            Set.of("query", "query_table", "json_execute_serialized_sql", "seq_scan");

    private SystemNames() {}

    /** @throws SqlFailure when a statement uses one */
    static void refuse(Statement statement) {
        EngineFiles.check(statement);
        if (statement.hasQualifier(HiddenSchema.NAME)) {
            throw SqlFailure.of(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for schema " + HiddenSchema.NAME);
        }
        for (var function : TEXT_AS_QUERY) {
            if (statement.calls(function)) {
                throw SqlFailure.of(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function " + function);
            }
        }
    }
}
