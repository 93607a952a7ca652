package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.access.Principals;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.util.HashMap;
import java.util.Map;

/** How many sessions each user has. Thread-safe. */
final class Places {
    private final Map<Integer, Integer> taken = new HashMap<>();

    /** Of one session, given back once. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * A place for one more session.
     *
     * @throws SqlFailure when the user has as many as it may have
     */
    synchronized Place take(Principals.User user) {
        var now = taken.getOrDefault(user.id(), 0);
        if (!user.superuser() && user.connectionLimit() >= 0 && now >= user.connectionLimit()) {
            throw new SqlFailure(Report.fatal(
                    SqlState.TOO_MANY_CONNECTIONS, "too many connections for user \"%s\"".formatted(user.name())));
        }
        taken.put(user.id(), now + 1);
        return () -> give(user.id());
    }

    private synchronized void give(int user) {
        taken.merge(user, -1, (now, one) -> now + one == 0 ? null : now + one);
    }
}
