package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.sql.ObjectStatement;
import dev.groundplane.warehouse.sql.Statement;
import java.util.List;
import java.util.Optional;

/** {@code ALTER … OWNER TO}: what is written down about the statement is all that it does. */
record OwnerStatement(String tag) implements Command {
    static Optional<OwnerStatement> of(Statement statement) {
        return statement.verb().equals("ALTER")
                ? ObjectStatement.of(statement)
                        .filter(object -> object.newOwner() != null)
                        .map(object -> new OwnerStatement("ALTER " + object.kind()))
                : Optional.empty();
    }

    @Override
    public Result run(SessionContext session, List<String> parameters) {
        return PlainResult.of(tag);
    }
}
