package dev.groundplane.warehouse.engine;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.function.FunctionFailure;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * For whom sessions' statements are carried out, by keys that nobody can guess: functions written in Java are told nothing of the
 * session that calls them but what they are called with. Thread-safe.
 */
final class Callers {
    private final Map<String, Integer> users = new ConcurrentHashMap<>();

    /** A new key of a user. */
    String add(int user) {
        var key = UUID.randomUUID().toString();
        users.put(key, user);
        return key;
    }

    /** Forgets a key. */
    void remove(String key) {
        users.remove(key);
    }

    /**
     * Whose key it is.
     *
     * @throws FunctionFailure when it is nobody's
     */
    int require(String key) {
        var user = users.get(key);
        if (user == null) {
            throw new FunctionFailure(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: the caller is not known");
        }
        return user;
    }
}
