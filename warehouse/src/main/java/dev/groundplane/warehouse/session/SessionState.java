package dev.groundplane.warehouse.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.warehouse.sql.Statement;
import dev.groundplane.warehouse.type.SqlType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that makes up a session between two requests, in a form that outlives the process. What is not in here must keep a session
 * from being parked, see {@link ClientSession}.
 *
 * @param user the name with which it logged in
 * @param userId whose name that was; 0 before that is known
 * @param key stays valid
 * @param settings that are not as they are by default
 * @param lastQuery the number of the last query that it ran; -1 for none
 * @param client what is known of it
 * @param prepared by the client's names; the unnamed one's is empty
 * @param lastLoads what functions tell of what was loaded and unloaded last; null where nothing was
 */
record SessionState(
        String user,
        int userId,
        String database,
        Cancellation.Key key,
        Map<String, String> settings,
        long lastQuery,
        Client client,
        Map<String, Prepared> prepared,
        List<@Nullable Long> lastLoads) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What is known of a session's client.
     *
     * @param begun when it connected, as ISO 8601
     * @param driver its version; empty when it did not say
     * @param system its operating system; likewise
     */
    record Client(String begun, String driver, String system) {}

    /**
     * A prepared statement.
     *
     * @param sql empty when there is none in it
     */
    record Prepared(String sql, List<SqlType> parameterTypes) {
        static Prepared of(PreparedQuery query) {
            return new Prepared(query.statement().map(Statement::text).orElse(""), query.parameterTypes());
        }

        PreparedQuery query() {
            return new PreparedQuery(Statement.all(sql).stream().findFirst(), parameterTypes);
        }
    }

    /** @throws IOException when it is none */
    static SessionState decode(byte[] bytes) throws IOException {
        return JSON.readValue(bytes, SessionState.class);
    }

    byte[] encode() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a session's state is texts and numbers", e);
        }
    }
}
