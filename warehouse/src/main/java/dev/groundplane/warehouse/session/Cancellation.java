package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.engine.EngineSession;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which session a request to cancel means. Thread safe. */
final class Cancellation {
    private static final Logger log = LoggerFactory.getLogger(Cancellation.class);

    private final SecureRandom random = new SecureRandom();
    private final AtomicInteger lastProcessId = new AtomicInteger();
    private final Map<Integer, Entry> sessions = new ConcurrentHashMap<>();

    private record Entry(int secretKey, EngineSession engine) {}

    /** What a client needs to cancel what its session runs. */
    record Key(int processId, int secretKey) {}

    /** Adds a session. */
    Key add(EngineSession engine) {
        var key = new Key(lastProcessId.incrementAndGet(), random.nextInt());
        sessions.put(key.processId(), new Entry(key.secretKey(), engine));
        return key;
    }

    void remove(Key key) {
        sessions.remove(key.processId());
    }

    /** Cancels what a session runs, if the key is its own. */
    void cancel(int processId, int secretKey) {
        var entry = sessions.get(processId);
        if (entry == null || entry.secretKey() != secretKey) {
            log.info("a request to cancel names session {}, and no key of it", processId);
            return;
        }
        try {
            entry.engine().cancel();
        } catch (SQLException e) {
            log.error("session {} cannot be cancelled", processId, e);
        }
    }
}
