package dev.groundplane.services.warehouse;

import dev.groundplane.platform.identity.Scope;

/**
 * Databases with a port, as whoever listens for their clients and runs them sees it.
 *
 * @param workgroup the workgroup's name; a cluster's identifier
 * @param workgroupId names the workgroup in ARNs; for a cluster as {@code namespaceId}
 * @param namespace the namespace's name; a cluster's identifier
 * @param namespaceId names the directory of its databases; never used again
 * @param database the first one, made when it is not there
 * @param port where clients connect
 * @param capacity in Redshift processing units
 * @param run another one lets connections break, and another worker be started
 */
public record Warehouse(
        Kind kind,
        Scope scope,
        String workgroup,
        String workgroupId,
        String namespace,
        String namespaceId,
        String database,
        int port,
        int capacity,
        Run run) {
    /** Which service makes it. */
    public enum Kind {
        WORKGROUP,
        CLUSTER
    }

    /**
     * Whether clients are served.
     *
     * @param number counts the times that it was started, stopped or changed in a way that running sessions cannot follow
     * @param paused nobody is served
     * @param begins it was not served like this yet: a worker that is there is one of the run before
     */
    public record Run(long number, boolean paused, boolean begins) {
        /** Of what is served from its making on. */
        public static final Run FIRST = new Run(0, false, false);

        /** Whether it is the same one, which may have begun meanwhile. */
        public boolean isSame(Run other) {
            return number == other.number && paused == other.paused;
        }
    }

    /** For messages: {@code workgroup risk} or {@code cluster risk}. */
    public String title() {
        return switch (kind) {
            case WORKGROUP -> "workgroup " + workgroup;
            case CLUSTER -> "cluster " + workgroup;
        };
    }

    /** The log group of its worker. */
    public String logGroup() {
        return switch (kind) {
            case WORKGROUP -> "/groundplane/warehouse/" + workgroup;
            case CLUSTER -> "/groundplane/warehouse/cluster/" + workgroup;
        };
    }
}
