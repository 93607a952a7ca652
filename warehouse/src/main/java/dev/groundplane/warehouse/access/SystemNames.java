package dev.groundplane.warehouse.access;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.sql.EngineFiles;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.Statement;
import java.util.List;

/** Names that nobody may use, superusers included: of the hidden schema, and of files. */
final class SystemNames {
    private SystemNames() {}

    /** @throws SqlFailure when a statement uses one */
    static void refuse(Statement statement) {
        EngineFiles.check(statement);
        if (statement.hasQualifier(HiddenSchema.NAME)) {
            throw SqlFailure.of(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for schema " + HiddenSchema.NAME);
        }
        if (statement.changed().filter(SystemNames::isHidden).isPresent()) {
            throw SqlFailure.of(
                    SqlState.INVALID_SCHEMA_NAME, "schema \"%s\" does not exist".formatted(HiddenSchema.MAIN));
        }
    }

    private static boolean isHidden(List<String> table) {
        return table.size() > 1 && table.get(table.size() - 2).equals(HiddenSchema.MAIN);
    }
}
