package dev.groundplane.services;

import java.util.Optional;

/**
 * The databases that a service runs, for other services that read from them, such as integrations. Whether a caller may have
 * one read is for those to ask. Thread-safe.
 */
public interface DatabaseEndpoints {
    /**
     * How to connect to a database.
     *
     * @param arn of what it belongs to, for example a DB cluster
     * @return empty when there is none of that ARN; see {@link DatabaseEndpoint#available} for one that is stopped
     */
    Optional<DatabaseEndpoint> find(String arn);

    /** Has something done whenever a database may have come, gone, or changed in how it is reached; it must only enqueue. */
    void onChange(Runnable action);
}
