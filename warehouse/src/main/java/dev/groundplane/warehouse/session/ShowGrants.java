package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Column;
import dev.groundplane.warehouse.sql.GrantsQuery;
import dev.groundplane.warehouse.sql.Statement;
import dev.groundplane.warehouse.type.SqlType;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code SHOW GRANTS}: the rows of a system view. */
record ShowGrants(Statement statement, GrantsQuery query) implements Command {
    static Optional<ShowGrants> of(Statement statement) {
        return GrantsQuery.of(statement).map(query -> new ShowGrants(statement, query));
    }

    @Override
    public List<Column> columns() {
        return Stream.of(GrantsQuery.COLUMNS.split(", "))
                .map(name -> (switch (name) {
                            case "identity_id" -> SqlType.INTEGER;
                            case "admin_option" -> SqlType.BOOLEAN;
                            default -> SqlType.VARCHAR;
                        })
                        .column(name, -1))
                .toList();
    }

    @Override
    public void authorize(SessionContext session) {
        // The view shows each user what is theirs to see.
    }

    @Override
    public boolean defines() {
        return false;
    }

    @Override
    public Result run(SessionContext session, List<String> parameters) throws SQLException {
        var prepared = session.engine().prepare(query.sql());
        try {
            return EngineResult.of(statement, prepared, session);
        } catch (SQLException e) {
            prepared.close();
            throw e;
        }
    }
}
