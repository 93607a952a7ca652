package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.engine.EngineSession;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which session a request to cancel means. Thread safe. */
final class Cancellation {
    private static final Logger log = LoggerFactory.getLogger(Cancellation.class);

    private final SecureRandom random = new SecureRandom();
    private final Map<Key, EngineSession> sessions = new ConcurrentHashMap<>();

    /** What a client needs to cancel what its session runs. Both are random: a parked session's are those of no new one. */
    record Key(int processId, int secretKey) {}

    /** A key that nobody has. */
    Key newKey() {
        return new Key(random.nextInt(Integer.MAX_VALUE), random.nextInt());
    }

    /** Adds a session. */
    void add(Key key, EngineSession engine) {
        sessions.put(key, engine);
    }

    void remove(Key key) {
        sessions.remove(key);
    }

    /** Cancels the request that a session works on, if the key is its own; what it is asked next is another one. */
    void cancel(int processId, int secretKey) {
        var engine = sessions.get(new Key(processId, secretKey));
        if (engine == null) {
            log.info("a request to cancel names session {}, and no key of it", processId);
            return;
        }
        engine.cancel();
    }
}
