package dev.groundplane.server.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.server.http.ServiceCalls;
import dev.groundplane.services.redshift.Redshift;
import dev.groundplane.services.redshiftserverless.RedshiftServerless;
import dev.groundplane.services.warehouse.NameTakenException;
import dev.groundplane.services.warehouse.NoSuchPrincipalException;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.services.warehouse.Warehouses;

/**
 * {@code ChangePrincipals}: users, groups and roles as a statement of a database user changes them. The request has {@code by}, that
 * user, {@code event}, the statement's first words, and {@code changes}; the answer is as that of {@code ReadPrincipals}. The audit
 * trail has what was changed, without verifiers of passwords.
 */
public final class ChangePrincipals implements WorkerCall {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Warehouses warehouses;
    private final ServiceCalls calls;

    /** @param calls record it */
    public ChangePrincipals(Warehouses warehouses, ServiceCalls calls) {
        this.warehouses = warehouses;
        this.calls = calls;
    }

    @Override
    public JsonNode answer(Warehouse warehouse, JsonNode request) {
        try {
            return calls.make(
                    isCluster(warehouse) ? Redshift.PRINCIPAL : RedshiftServerless.PRINCIPAL,
                    warehouse.scope(),
                    (isCluster(warehouse) ? "redshift" : "redshift-serverless") + ":ChangeDatabasePrincipals",
                    recorded(warehouse, request),
                    call -> warehouses.changePrincipals(call, warehouse, request.path("changes")));
        } catch (NameTakenException e) {
            throw new WorkerCallRefused(SqlState.DUPLICATE_OBJECT, String.valueOf(e.getMessage()));
        } catch (NoSuchPrincipalException e) { // another session was faster
            throw new WorkerCallRefused(SqlState.UNDEFINED_OBJECT, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isCluster(Warehouse warehouse) {
        return warehouse.kind() == Warehouse.Kind.CLUSTER;
    }

    private static String recorded(Warehouse warehouse, JsonNode request) {
        ObjectNode shown = JSON.createObjectNode()
                .put(isCluster(warehouse) ? "clusterIdentifier" : "workgroupName", warehouse.workgroup())
                .put("dbUser", request.path("by").asText())
                .put("statement", request.path("event").asText());
        var changes = shown.putArray("changes");
        for (JsonNode change : request.path("changes")) {
            ObjectNode copy = change.deepCopy();
            if (copy.remove("verifier") != null) {
                copy.put("password", "changed");
            }
            changes.add(copy);
        }
        return shown.toString();
    }
}
