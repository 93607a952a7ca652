package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.identity.Scope;

/**
 * A workgroup with its namespace, as whoever listens for its clients and runs its databases sees it.
 *
 * @param workgroup its name
 * @param workgroupId names it in ARNs
 * @param namespaceId names the directory of its databases; never used again
 * @param database the first one, made when it is not there
 * @param port where clients connect
 * @param capacity in Redshift processing units
 */
public record Warehouse(
        Scope scope,
        String workgroup,
        String workgroupId,
        String namespace,
        String namespaceId,
        String database,
        int port,
        int capacity) {}
