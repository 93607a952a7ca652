package dev.groundplane.agent.journal;

import dev.groundplane.agent.journal.JournalFile.Line;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the last reports of tasks lie that are gone, kept for a day as long as there are not too many. They answer a payload
 * that was on its way when its task ended; a task that the control plane knows to have been started here needs none.
 * Belongs to the journal.
 */
final class Tombstones {
    private static final Duration KEPT = Duration.ofHours(24);
    private static final int MOST = 4_000;

    private final Map<String, Tombstone> byTask = new LinkedHashMap<>();

    /**
     * One that is gone.
     *
     * @param millis when it went, in milliseconds since 1970
     * @param line its line in the journal
     */
    record Tombstone(long millis, Line line) {}

    /** Remembers a task; the oldest one is forgotten when there are too many. */
    void add(String taskId, Tombstone tombstone) {
        byTask.remove(taskId);
        byTask.put(taskId, tombstone);
        if (byTask.size() > MOST) {
            byTask.remove(byTask.keySet().iterator().next());
        }
    }

    /** Where the last report of a task is; empty when no task of this id is remembered. */
    Optional<Line> find(String taskId) {
        return Optional.ofNullable(byTask.get(taskId)).map(Tombstone::line);
    }

    /** Forgets what is older than a day. */
    void expire(long nowMillis) {
        byTask.values().removeIf(tombstone -> tombstone.millis() < nowMillis - KEPT.toMillis());
    }

    Collection<Map.Entry<String, Tombstone>> all() {
        return byTask.entrySet();
    }
}
