package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.access.Principals;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.util.HashMap;
import java.util.Map;

/** How many sessions each user has. Thread-safe. */
final class Places {
    private final Map<String, Integer> taken = new HashMap<>();

    /** Of one session, given back once. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * A place for one more session.
     *
     * @throws SqlFailure when there is no such user, or it has as many as it may have
     */
    synchronized Place take(Principals principals, String user) {
        var found = principals
                .user(user)
                .orElseThrow(() -> new SqlFailure(
                        Report.fatal(SqlState.INVALID_AUTHORIZATION, "user \"%s\" does not exist".formatted(user))));
        var now = taken.getOrDefault(user, 0);
        if (!found.superuser() && found.connectionLimit() >= 0 && now >= found.connectionLimit()) {
            throw new SqlFailure(Report.fatal(
                    SqlState.TOO_MANY_CONNECTIONS, "too many connections for user \"%s\"".formatted(user)));
        }
        taken.put(user, now + 1);
        return () -> give(user);
    }

    private synchronized void give(String user) {
        taken.merge(user, -1, (now, one) -> now + one == 0 ? null : now + one);
    }
}
