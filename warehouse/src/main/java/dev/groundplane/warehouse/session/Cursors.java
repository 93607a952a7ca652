package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.util.HashMap;
import java.util.Map;

/** A session's cursors, which live as long as their transaction. For one thread. */
final class Cursors {
    private final Map<String, Result> open = new HashMap<>();

    /** @throws SqlFailure when there is one of this name */
    void requireFree(String name) {
        if (open.containsKey(name)) {
            throw SqlFailure.of(SqlState.DUPLICATE_CURSOR, "cursor \"%s\" already exists".formatted(name));
        }
    }

    /** Adds one, and owns its result from then on. */
    void add(String name, Result result) {
        open.put(name, result);
    }

    /** @throws SqlFailure when there is none of this name */
    Result get(String name) {
        var result = open.get(name);
        if (result == null) {
            throw SqlFailure.of(SqlState.INVALID_CURSOR_NAME, "cursor \"%s\" does not exist".formatted(name));
        }
        return result;
    }

    /** @throws SqlFailure when there is none of this name */
    void close(String name) {
        get(name).close();
        open.remove(name);
    }

    void closeAll() {
        open.values().forEach(Result::close);
        open.clear();
    }
}
