package dev.groundplane.server.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.services.redshift.Redshift;
import dev.groundplane.services.redshiftserverless.RedshiftServerless;
import dev.groundplane.services.warehouse.NamespaceRoles;
import dev.groundplane.services.warehouse.Warehouse;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.StsException;

/**
 * {@code AssumeRole}: temporary credentials of a role that is attached to the worker's namespace and trusts Redshift. The request
 * has {@code role}, an ARN or {@code default}, and {@code user}, the database user on whose behalf; the answer has {@code
 * accessKeyId}, {@code secretAccessKey} and {@code sessionToken}.
 */
public final class AssumeRole implements WorkerCall {
    /** As Redshift names its sessions. */
    private static final String SESSION = "RedshiftIamRoleSession";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Function<Warehouse, NamespaceRoles> roles;
    private final BiFunction<String, Scope, StsClient> sts;

    /**
     * @param roles of a warehouse's namespace
     * @param sts as a service principal calls it
     */
    public AssumeRole(Function<Warehouse, NamespaceRoles> roles, BiFunction<String, Scope, StsClient> sts) {
        this.roles = roles;
        this.sts = sts;
    }

    @Override
    public JsonNode answer(Warehouse warehouse, JsonNode request) {
        String role = role(warehouse, request.path("role").asText());
        AssumeRoleRequest assuming = AssumeRoleRequest.builder()
                .roleArn(role)
                .roleSessionName(SESSION)
                .externalId(user(warehouse, request.path("user").asText()))
                .build();
        Credentials given = assume(warehouse, assuming);
        ObjectNode answer = JSON.createObjectNode();
        return answer.put("accessKeyId", given.accessKeyId())
                .put("secretAccessKey", given.secretAccessKey())
                .put("sessionToken", given.sessionToken());
    }

    /** The call by which a warehouse's owner changes its roles. */
    private static String change(Warehouse warehouse) {
        return switch (warehouse.kind()) {
            case WORKGROUP -> "namespace %s by update-namespace".formatted(warehouse.namespace());
            case CLUSTER -> "cluster %s by modify-cluster-iam-roles".formatted(warehouse.workgroup());
        };
    }

    private String role(Warehouse warehouse, String wanted) {
        NamespaceRoles attached = roles.apply(warehouse);
        if (wanted.equals("default")) {
            return attached.standard()
                    .orElseThrow(() -> new WorkerCallRefused(
                            SqlState.INTERNAL_ERROR,
                            "there is no default IAM role; set one of %s --default-iam-role-arn"
                                    .formatted(change(warehouse))));
        }
        if (!attached.all().contains(wanted)) {
            throw new WorkerCallRefused(
                    SqlState.INTERNAL_ERROR,
                    "The requested role %s is not associated to cluster; attach it to %s"
                            .formatted(wanted, change(warehouse)));
        }
        return wanted;
    }

    /**
     * What trust policies may restrict roles to, by {@code sts:ExternalId}. Source: Redshift's management guide, "Restricting access
     * to IAM roles".
     */
    private static String user(Warehouse warehouse, String user) {
        String of = switch (warehouse.kind()) {
            case WORKGROUP -> "serverless-%s-%s".formatted(warehouse.scope().account(), warehouse.workgroupId());
            case CLUSTER -> warehouse.workgroup();
        };
        return warehouse.scope().arn("redshift", "dbuser:%s/%s".formatted(of, user));
    }

    /** Whom a role may trust. A workgroup's may trust either; the first one asked is the newer one. */
    private static List<String> principals(Warehouse warehouse) {
        return switch (warehouse.kind()) {
            case WORKGROUP -> List.of(RedshiftServerless.PRINCIPAL, Redshift.PRINCIPAL);
            case CLUSTER -> List.of(Redshift.PRINCIPAL);
        };
    }

    private Credentials assume(Warehouse warehouse, AssumeRoleRequest request) {
        StsException refused = null;
        for (String principal : principals(warehouse)) {
            try (StsClient client = sts.apply(principal, warehouse.scope())) {
                return client.assumeRole(request).credentials();
            } catch (StsException e) {
                refused = e;
            }
        }
        throw new WorkerCallRefused(
                SqlState.INSUFFICIENT_PRIVILEGE,
                "Not authorized to get credentials of role %s: %s"
                        .formatted(request.roleArn(), refused == null ? "" : refused.getMessage()));
    }
}
