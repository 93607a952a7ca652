package dev.groundplane.warehouse.history;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;

/** What goes on now as arrays of JSON, in which the views of {@code history.sql} find the columns of these names. */
final class PresentText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PresentText() {}

    static String ofStatements(Collection<RunningStatement> running) {
        var all = JSON.createArrayNode();
        for (var statement : running) {
            var beginning = statement.beginning();
            var one = all.addObject().put("id", beginning.id()).put("begun", micros(beginning.at()));
            put(one, beginning.caller());
            one.put("label", beginning.label())
                    .put("transaction_id", beginning.transaction())
                    .put("type", beginning.type().name())
                    .put("text", beginning.text())
                    .put("status", statement.status().word());
        }
        return all.toString();
    }

    static String ofSessions(Collection<SessionInfo> sessions) {
        var all = JSON.createArrayNode();
        for (var session : sessions) {
            var one = all.addObject().put("begun", micros(session.begun()));
            put(one, session.caller());
            one.put("timeout", session.timeout().toSeconds());
        }
        return all.toString();
    }

    private static void put(ObjectNode one, Caller caller) {
        one.put("user_id", caller.userId())
                .put("user_name", caller.user())
                .put("session_id", caller.session())
                .put("database_name", caller.database());
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
