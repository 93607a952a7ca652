package dev.groundplane.services.rds;

import java.util.Map;

/**
 * A PostgreSQL server as it is wanted.
 *
 * @param id names its directory; never used again
 * @param cluster the cluster's identifier, for people
 * @param version of PostgreSQL, for example {@code 17.11}
 * @param masterUser the user that the cluster was made with
 * @param masterVerifier of that user's password, as PostgreSQL keeps it
 * @param database made with the server and given to the master user; empty for none
 * @param parameters that were set, by name
 * @param memoryMib what its instance class has, of which it gets as much as the machine can spare
 * @param run another one has the server started again
 */
public record DatabaseServer(
        String id,
        String cluster,
        String version,
        int port,
        String masterUser,
        String masterVerifier,
        String database,
        Map<String, String> parameters,
        long memoryMib,
        long run) {
    public DatabaseServer {
        parameters = Map.copyOf(parameters);
    }

    /** Keeps the verifier out of log lines. */
    @Override
    public String toString() {
        return "DatabaseServer[%s of %s, run %d]".formatted(id, cluster, run);
    }
}
