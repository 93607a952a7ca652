package dev.groundplane.warehouse.access;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.EngineSql;
import dev.groundplane.warehouse.sql.MergeParts;
import dev.groundplane.warehouse.sql.PolicyCommand;
import dev.groundplane.warehouse.sql.PolicyCommand.Kind;
import dev.groundplane.warehouse.sql.PolicyCommand.Permission;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.Statement;
import java.sql.SQLException;
import java.util.List;

/** Policies of rows and masks as one session meets them. For its thread. */
final class Policies {
    private final EngineSession engine;
    private final Relations relations;
    private final Directory directory;
    private final PolicyTables tables;

    Policies(EngineSession engine, Relations relations, Directory directory) {
        this.engine = engine;
        this.relations = relations;
        this.directory = directory;
        this.tables = new PolicyTables(engine);
    }

    PolicyDependencies dependencies() {
        return new PolicyDependencies(engine, relations, tables);
    }

    /** @param by the id of the superuser who carries it out */
    void change(PolicyCommand command, int by) throws SQLException {
        new PolicyChanges(engine, relations, tables, directory, by).run(command);
    }

    /**
     * A statement for the engine that reads and changes what policies show its user, and nothing else.
     *
     * @param user who is no superuser
     * @param sql the statement in the engine's SQL
     * @return another one in its place, or the same where no policy holds
     * @throws SqlFailure when there is none for such a statement
     */
    String guarded(int user, Statement statement, List<String> parameters, String sql) throws SQLException {
        return tables.areThere()
                ? guarded(new Protection(engine, tables, directory.known(), user), statement, parameters, sql)
                : sql;
    }

    private String guarded(Protection protection, Statement statement, List<String> parameters, String sql)
            throws SQLException {
        return switch (statement.verb()) {
            case "INSERT", "UPDATE", "DELETE" -> guard(protection).change(sql).orElse(sql);
            case "MERGE" -> {
                for (var part : MergeParts.of(statement, parameters)) {
                    if (guard(protection).change(part).isPresent()) {
                        throw SqlFailure.unsupported("MERGE of tables with policies");
                    }
                }
                yield sql;
            }
            case "EXPLAIN" -> plan(protection, statement, parameters, sql);
            case "SHOW" -> sql; // of the catalog
            default -> guard(protection).query(sql).orElse(sql);
        };
    }

    private QueryGuard guard(Protection protection) {
        return new QueryGuard(engine, relations, protection);
    }

    /** A plan tells of policies, and of how many rows they leave out. */
    private String plan(Protection protection, Statement statement, List<String> parameters, String sql)
            throws SQLException {
        var explained = statement.explained();
        var inner = EngineSql.of(explained, parameters);
        var guarded = guarded(protection, explained, parameters, inner);
        for (var kind : protection.used()) {
            var needed = kind == Kind.RLS ? Permission.EXPLAIN_RLS : Permission.EXPLAIN_MASKING;
            if (!protection.permits(engine.database(), needed)) {
                throw SqlFailure.of(
                        SqlState.INSUFFICIENT_PRIVILEGE,
                        "permission denied: EXPLAIN of tables with %s policies needs the permission %s"
                                .formatted(kind, needed.name().replace('_', ' ')));
            }
        }
        return sql.substring(0, sql.length() - inner.length()) + guarded;
    }
}
