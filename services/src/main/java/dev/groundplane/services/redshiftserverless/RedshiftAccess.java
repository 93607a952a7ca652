package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.ConditionKeys;
import dev.groundplane.wire.FieldPaths;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Redshift Serverless's actions, resources and condition keys. Source: Service Authorization Reference, "Amazon Redshift
 * Serverless".
 */
final class RedshiftAccess implements AccessModel {
    private static final String SERVICE = "redshift-serverless";

    private final RedshiftStore store;

    RedshiftAccess(RedshiftStore store) {
        this.store = store;
    }

    @Override
    public List<AccessRequest> asked(Scope scope, String operation, SdkPojo request) {
        String action = SERVICE + ":" + operation;
        ConditionKeys keys = new ConditionKeys()
                .requestTags(FieldPaths.pairs(request, "tags", "key", "value"))
                .tagKeys(FieldPaths.texts(request, "tagKeys"));
        String resource = FieldPaths.text(request, "resourceArn")
                .or(() -> arn(scope, request))
                .orElse("*");
        return List.of(AccessRequest.on(action, resource).with(keys.values()));
    }

    /** ARNs are made of ids, requests of names; what is not there yet is asked for by its name. */
    private Optional<String> arn(Scope scope, SdkPojo request) {
        Optional<String> workgroup = FieldPaths.text(request, "workgroupName");
        if (workgroup.isPresent()) {
            return workgroup.map(name -> store.workgroups()
                    .find(scope, name)
                    .map(found -> found.value().workgroupArn())
                    .orElse(scope.arn(SERVICE, "workgroup/" + name)));
        }
        Optional<String> limit = FieldPaths.text(request, "usageLimitId");
        if (limit.isPresent()) {
            return limit.map(id -> scope.arn(SERVICE, "usagelimit/" + id));
        }
        return FieldPaths.text(request, "namespaceName")
                .map(name -> store.namespaces()
                        .find(scope, name)
                        .map(found -> found.value().namespaceArn())
                        .orElse(scope.arn(SERVICE, "namespace/" + name)));
    }
}
