package dev.groundplane.services.organizations;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.ConditionKeys;
import dev.groundplane.wire.FieldPaths;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;

/** Organizations' actions and resources. Source: Service Authorization Reference, "AWS Organizations". */
final class OrganizationsAccess implements AccessModel {
    private static final List<String> MEMBERS = List.of(
            "PolicyId",
            "TargetId",
            "AccountId",
            "OrganizationalUnitId",
            "RootId",
            "ParentId",
            "ChildId",
            "SourceParentId");

    private final OrganizationStore store;

    OrganizationsAccess(OrganizationStore store) {
        this.store = store;
    }

    @Override
    public List<AccessRequest> asked(Scope scope, String operation, SdkPojo request) {
        ConditionKeys keys = new ConditionKeys();
        Stream.of("Type", "PolicyType", "Filter")
                .flatMap(name -> FieldPaths.text(request, name).stream())
                .forEach(type -> keys.set("organizations:policytype", type));
        List<AccessRequest> asked = MEMBERS.stream()
                .flatMap(member -> FieldPaths.text(request, member).stream())
                .map(id -> AccessRequest.on("organizations:" + operation, arn(id).orElse("*"))
                        .with(keys.values())
                        // Who manages the organization is the operation's to check.
                        .ownedBy(scope.account()))
                .toList();
        return asked.isEmpty()
                ? List.of(
                        AccessRequest.onEverything("organizations:" + operation).with(keys.values()))
                : asked;
    }

    private Optional<String> arn(String id) {
        Optional<String> policy = store.policies()
                .find(OrganizationStore.GLOBAL, id)
                .map(Stored::value)
                .map(found -> found.policySummary().arn());
        return policy.or(() -> store.accounts()
                        .find(OrganizationStore.GLOBAL, id)
                        .map(found -> found.value().arn()))
                .or(() -> store.units()
                        .find(OrganizationStore.GLOBAL, id)
                        .map(found -> found.value().arn()))
                .or(() -> store.roots()
                        .find(OrganizationStore.GLOBAL, id)
                        .map(found -> found.value().arn()));
    }
}
