package dev.groundplane.server.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.server.http.ServiceCalls;
import dev.groundplane.services.redshiftserverless.RedshiftServerless;
import dev.groundplane.services.redshiftserverless.Warehouse;
import software.amazon.awssdk.services.redshiftserverless.model.ConflictException;
import software.amazon.awssdk.services.redshiftserverless.model.ResourceNotFoundException;
import software.amazon.awssdk.services.redshiftserverless.model.ValidationException;

/**
 * {@code ChangePrincipals}: users, groups and roles as a statement of a database user changes them. The request has {@code by}, that
 * user, {@code event}, the statement's first words, and {@code changes}; the answer is as that of {@code ReadPrincipals}. The audit
 * trail has what was changed, without verifiers of passwords.
 */
public final class ChangePrincipals implements WorkerCall {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RedshiftServerless redshift;
    private final ServiceCalls calls;

    /** @param calls record it */
    public ChangePrincipals(RedshiftServerless redshift, ServiceCalls calls) {
        this.redshift = redshift;
        this.calls = calls;
    }

    @Override
    public JsonNode answer(Warehouse warehouse, JsonNode request) {
        try {
            return calls.make(
                    RedshiftServerless.PRINCIPAL,
                    warehouse.scope(),
                    "redshift-serverless:ChangeDatabasePrincipals",
                    recorded(warehouse, request),
                    call -> redshift.changePrincipals(call, warehouse, request.path("changes")));
        } catch (ConflictException e) {
            throw new WorkerCallRefused(SqlState.DUPLICATE_OBJECT, String.valueOf(e.getMessage()));
        } catch (ValidationException | ResourceNotFoundException e) { // another session was faster
            throw new WorkerCallRefused(SqlState.UNDEFINED_OBJECT, String.valueOf(e.getMessage()));
        }
    }

    private static String recorded(Warehouse warehouse, JsonNode request) {
        ObjectNode shown = JSON.createObjectNode()
                .put("workgroupName", warehouse.workgroup())
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
