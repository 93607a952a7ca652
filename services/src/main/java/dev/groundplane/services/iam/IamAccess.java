package dev.groundplane.services.iam;

import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.ConditionKeys;
import dev.groundplane.wire.FieldPaths;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.Tag;

/** IAM's actions, resources and condition keys. Source: Service Authorization Reference, "Identity And Access Management". */
final class IamAccess implements AccessModel {
    /** Operations that may leave out the user and then mean the caller. */
    private static final Set<String> OF_THE_CALLER =
            Set.of("CreateAccessKey", "DeleteAccessKey", "GetUser", "ListAccessKeys", "UpdateAccessKey");

    private final IdentityStore store;
    private final InstanceProfiles profiles;
    private final OidcProviders providers;

    IamAccess(IdentityStore store, InstanceProfiles profiles, OidcProviders providers) {
        this.store = store;
        this.profiles = profiles;
        this.providers = providers;
    }

    @Override
    public List<AccessRequest> asked(Scope scope, String operation, SdkPojo request) {
        return List.of(request("", scope.account(), operation, request));
    }

    @Override
    public List<AccessRequest> asked(Caller caller, Scope scope, String operation, SdkPojo request) {
        return List.of(request(caller.isUser() ? caller.arn() : "", scope.account(), operation, request));
    }

    /** @param self the ARN of the calling user; empty for others */
    private AccessRequest request(String self, String account, String operation, SdkPojo request) {
        String resource = "*";
        List<Tag> tags = List.of();
        Optional<String> policyArn = FieldPaths.text(request, "PolicyArn");
        Optional<String> role = FieldPaths.text(request, "RoleName");
        Optional<String> user = FieldPaths.text(request, "UserName");
        Optional<String> group = FieldPaths.text(request, "GroupName");
        Optional<String> path = FieldPaths.text(request, "Path").or(() -> FieldPaths.text(request, "PathPrefix"));
        ConditionKeys keys = new ConditionKeys();
        Optional<String> profile = FieldPaths.text(request, "InstanceProfileName");
        if (profile.isPresent()) {
            Optional<InstanceProfile> found = profiles.find(account, profile.get());
            resource = found.map(InstanceProfile::arn)
                    .orElseGet(
                            () -> "arn:aws:iam::" + account + ":instance-profile" + path.orElse("/") + profile.get());
            tags = found.map(InstanceProfile::tags).orElse(List.of());
        } else if (role.isPresent()) {
            Optional<Entity> found = find(EntityKind.ROLE, account, role.get());
            resource = arn(found, account, "role", path, role.get());
            tags = found.map(Entity::tags).orElse(List.of());
            found.flatMap(Entity::boundary).ifPresent(boundary -> keys.set("iam:permissionsboundary", boundary));
        } else if (group.isPresent()) {
            resource = arn(find(EntityKind.GROUP, account, group.get()), account, "group", path, group.get());
        } else if (user.isPresent()) {
            Optional<Entity> found = find(EntityKind.USER, account, user.get());
            resource = arn(found, account, "user", path, user.get());
            tags = found.map(Entity::tags).orElse(List.of());
            found.flatMap(Entity::boundary).ifPresent(boundary -> keys.set("iam:permissionsboundary", boundary));
        } else if (OF_THE_CALLER.contains(operation) && !self.isEmpty()) {
            resource = self;
        } else if (FieldPaths.text(request, "PolicyName").isPresent()) {
            resource = "arn:aws:iam::" + account + ":policy" + path.orElse("/")
                    + FieldPaths.text(request, "PolicyName").get();
        } else if (policyArn.isPresent()) {
            resource = policyArn.get();
        } else if (FieldPaths.text(request, "OpenIDConnectProviderArn").isPresent()) {
            resource = FieldPaths.text(request, "OpenIDConnectProviderArn").get();
            tags = providers.tags(account, resource);
        } else if (FieldPaths.text(request, "PolicySourceArn").isPresent()) {
            resource = FieldPaths.text(request, "PolicySourceArn").get();
        } else if (FieldPaths.text(request, "AWSServiceName").isPresent()) {
            resource = "arn:aws:iam::%s:role/aws-service-role/%s/*"
                    .formatted(
                            account, FieldPaths.text(request, "AWSServiceName").get());
        }
        policyArn.ifPresent(arn -> keys.set("iam:policyarn", arn));
        FieldPaths.text(request, "PermissionsBoundary").ifPresent(arn -> keys.set("iam:permissionsboundary", arn));
        FieldPaths.text(request, "AWSServiceName").ifPresent(name -> keys.set("iam:awsservicename", name));
        tags.forEach(tag -> {
            keys.set("aws:resourcetag/" + tag.key(), tag.value());
            keys.set("iam:resourcetag/" + tag.key(), tag.value());
        });
        keys.requestTags(FieldPaths.pairs(request, "Tags", "Key", "Value"));
        keys.tagKeys(FieldPaths.texts(request, "TagKeys"));
        Map<String, List<String>> context = keys.values();
        return AccessRequest.on("iam:" + operation, resource).with(context).ownedBy(account);
    }

    private Optional<Entity> find(EntityKind kind, String account, String name) {
        return store.find(kind, account, name);
    }

    /** What is not there yet has the path that it is to get. */
    private static String arn(Optional<Entity> found, String account, String kind, Optional<String> path, String name) {
        return found.map(Entity::arn).orElseGet(() -> "arn:aws:iam::" + account + ":" + kind + path.orElse("/") + name);
    }
}
