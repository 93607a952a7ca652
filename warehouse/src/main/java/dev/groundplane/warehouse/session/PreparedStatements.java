package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.PrepareCommand;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/** What a session prepared by {@code PREPARE}. For one thread. */
final class PreparedStatements {
    private final Map<String, PrepareCommand.Prepare> byName = new HashMap<>();

    /** @throws SqlFailure when there is one of its name */
    void add(PrepareCommand.Prepare prepared) {
        if (byName.putIfAbsent(prepared.name(), prepared) != null) {
            throw SqlFailure.of(
                    SqlState.DUPLICATE_PREPARED_STATEMENT,
                    "prepared statement \"%s\" already exists".formatted(prepared.name()));
        }
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** What an {@code EXECUTE} runs. */
    EngineQuery query(PrepareCommand.Execute execute) {
        var prepared = get(execute.name());
        var wanted = prepared.statement().parameters();
        if (execute.arguments().size() != wanted) {
            throw SqlFailure.of(
                    SqlState.SYNTAX_ERROR,
                    "wrong number of parameters for prepared statement \"%s\": %d, and it has %d"
                            .formatted(execute.name(), execute.arguments().size(), wanted));
        }
        var literals = new ArrayList<String>();
        for (var i = 0; i < wanted; i++) {
            var argument = execute.arguments().get(i);
            literals.add(
                    i < prepared.types().size()
                            ? "CAST((%s) AS %s)"
                                    .formatted(argument, prepared.types().get(i))
                            : "(" + argument + ")");
        }
        return EngineQuery.of(prepared.statement(), literals);
    }

    /** Forgets one, or all for an empty name. */
    void remove(String name) {
        if (name.isEmpty()) {
            byName.clear();
        } else {
            get(name);
            byName.remove(name);
        }
    }

    private PrepareCommand.Prepare get(String name) {
        var prepared = byName.get(name);
        if (prepared == null) {
            throw SqlFailure.of(
                    SqlState.INVALID_STATEMENT_NAME, "prepared statement \"%s\" does not exist".formatted(name));
        }
        return prepared;
    }
}
