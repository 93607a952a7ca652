package dev.groundplane.services.integration;

import dev.groundplane.services.DatabaseEndpoint;
import java.util.List;

/** What integrations have at their sources. Thread-safe. */
public interface IntegrationSources {
    /**
     * Looks whether a source can be followed, which connects to it and changes nothing.
     *
     * @param database of the source
     * @param name of the publication and the replication slot that an integration has there already; empty for none
     * @return what is missing, in the order in which it is mended; empty when all is well
     */
    List<SourceFinding> check(DatabaseEndpoint source, String database, String name);

    /**
     * Removes the publication and the replication slot of an integration, for which the source otherwise keeps its log. Whoever
     * follows is cut off. Again it does nothing, nor does it where nothing is kept.
     *
     * @param database of the source
     * @param name of both
     * @throws IllegalStateException when the source cannot be reached now; then it may be tried again
     */
    void forget(DatabaseEndpoint source, String database, String name);
}
