package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.ddl.Definer;
import dev.groundplane.warehouse.sql.CommandTag;
import dev.groundplane.warehouse.sql.Ddl;
import dev.groundplane.warehouse.sql.DdlParser;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.Statement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Databases: users' own, and those that follow a source by an integration. */
record DatabaseStatement(Statement statement, Ddl ddl) implements Command {
    static Optional<DatabaseStatement> of(Statement statement) {
        return DdlParser.of(statement)
                .filter(DatabaseStatement::isOfDatabases)
                .map(ddl -> new DatabaseStatement(statement, ddl));
    }

    private static boolean isOfDatabases(Ddl ddl) {
        return ddl instanceof Ddl.CreateDatabase
                || ddl instanceof Ddl.RefreshIntegration
                || (ddl instanceof Ddl.Drop drop && drop.kind() == Ddl.Kind.DATABASE);
    }

    @Override
    public Result run(SessionContext session, List<String> parameters) throws SQLException {
        var definer = new Definer(DdlStatement.context(session, parameters));
        switch (ddl) {
            case Ddl.CreateDatabase(var name, var owner, var integration)
            when integration != null -> {
                requireNoTransaction(session);
                session.replications().create(name, integration, () -> definer.define(ddl));
            }
            case Ddl.RefreshIntegration refresh -> {
                session.access().requireSuperuser("ALTER DATABASE ... INTEGRATION REFRESH");
                session.replications().refresh(refresh);
            }
            case Ddl.Drop drop -> {
                requireNoTransaction(session);
                var name = drop.names().getFirst().getFirst();
                session.replications().drop(name, () -> definer.define(ddl));
                session.copyJobs().dropped(name);
            }
            default -> definer.define(ddl);
        }
        return PlainResult.of(ddl instanceof Ddl.Drop ? "DROP DATABASE" : CommandTag.of(statement, 0));
    }

    private void requireNoTransaction(SessionContext session) {
        if (session.engine().inTransaction()) {
            throw SqlFailure.of(
                    SqlState.ACTIVE_TRANSACTION,
                    "%s DATABASE cannot run inside a transaction block".formatted(statement.verb()));
        }
    }
}
