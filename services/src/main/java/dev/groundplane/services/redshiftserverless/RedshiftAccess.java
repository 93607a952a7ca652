package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.ConditionKeys;
import dev.groundplane.wire.FieldPaths;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Redshift Serverless's actions, resources and condition keys. Source: Service Authorization Reference, "Amazon Redshift
 * Serverless".
 */
final class RedshiftAccess implements AccessModel {
    private static final String SERVICE = "redshift-serverless";
    /** What they name is a filter of theirs, and no resource that they are about. */
    private static final Set<String> LISTS = Set.of("ListSnapshots", "ListRecoveryPoints");

    private final RedshiftStore store;
    private final SnapshotStore backups;

    RedshiftAccess(RedshiftStore store, SnapshotStore backups) {
        this.store = store;
        this.backups = backups;
    }

    @Override
    public List<AccessRequest> asked(Scope scope, String operation, SdkPojo request) {
        String action = SERVICE + ":" + operation;
        ConditionKeys keys = new ConditionKeys()
                .requestTags(FieldPaths.pairs(request, "tags", "key", "value"))
                .tagKeys(FieldPaths.texts(request, "tagKeys"));
        List<String> resources = FieldPaths.text(request, "resourceArn")
                .or(() -> Optional.of(operation).filter(LISTS::contains).map(list -> "*"))
                .map(List::of)
                .orElseGet(() -> arns(scope, request));
        return resources.stream()
                .map(resource -> AccessRequest.on(action, resource).with(keys.values()))
                .toList();
    }

    /** All that a request names, or everything. */
    private List<String> arns(Scope scope, SdkPojo request) {
        List<String> named = Stream.of(backupArns(scope, request), arn(scope, request).stream())
                .flatMap(arn -> arn)
                .toList();
        return named.isEmpty() ? List.of("*") : named;
    }

    private Stream<String> backupArns(Scope scope, SdkPojo request) {
        Stream<String> points = FieldPaths.text(request, "recoveryPointId").stream()
                .map(id -> scope.arn(SERVICE, "recoverypoint/" + id));
        Stream<String> snapshots = FieldPaths.text(request, "snapshotArn")
                .or(() -> FieldPaths.text(request, "snapshotName")
                        .map(name -> backups.snapshots()
                                .find(scope, name)
                                .map(found -> found.value().snapshotArn())
                                .orElse(scope.arn(SERVICE, "snapshot/" + name))))
                .stream();
        return Stream.concat(points, snapshots);
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
