package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.AttachedPermissionsBoundary;
import software.amazon.awssdk.services.iam.model.PermissionsBoundaryAttachmentType;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.User;

/** The permissions boundaries of users and roles. */
final class Boundaries {
    private final IdentityStore store;
    private final ManagedPolicyTexts managed;

    Boundaries(IdentityStore store, ManagedPolicyTexts managed) {
        this.store = store;
        this.managed = managed;
    }

    /** The boundary of that ARN; null when there is to be none. */
    @Nullable
    AttachedPermissionsBoundary of(String account, @Nullable String policyArn) {
        if (policyArn == null) {
            return null;
        }
        String arn = Members.arn("permissionsBoundary", policyArn);
        if (managed.find(account, arn).isEmpty()) {
            throw IamErrors.noSuch("Scope ARN: %s does not exist or is not attachable.".formatted(arn));
        }
        return AttachedPermissionsBoundary.builder()
                .permissionsBoundaryArn(arn)
                .permissionsBoundaryType(PermissionsBoundaryAttachmentType.PERMISSIONS_BOUNDARY_POLICY)
                .build();
    }

    /** Sets a user's boundary, or takes it away when {@code policyArn} is null. */
    <R> R ofUser(Call call, @Nullable String userName, @Nullable String policyArn, R response) {
        String account = call.scope().account();
        String name = Members.userName(userName);
        AttachedPermissionsBoundary boundary = of(account, policyArn);
        return call.commit(tx -> {
            Stored<User> user = store.requireUser(tx, account, name);
            requireBoundary(user.value().permissionsBoundary(), boundary, "user", name);
            User changed =
                    user.value().toBuilder().permissionsBoundary(boundary).build();
            store.users().update(tx, user.with(changed));
            return response;
        });
    }

    /** Sets a role's boundary, or takes it away when {@code policyArn} is null. */
    <R> R ofRole(Call call, @Nullable String roleName, @Nullable String policyArn, R response) {
        String account = call.scope().account();
        String name = Members.roleName(roleName);
        BuiltInRole.refuseChange(EntityKind.ROLE, name);
        AttachedPermissionsBoundary boundary = of(account, policyArn);
        return call.commit(tx -> {
            Stored<Role> role = store.requireRole(tx, account, name);
            ServiceLinkedRoles.refuseChange(Entity.of(role.value()));
            requireBoundary(role.value().permissionsBoundary(), boundary, "role", name);
            Role changed =
                    role.value().toBuilder().permissionsBoundary(boundary).build();
            store.roles().update(tx, role.with(changed));
            return response;
        });
    }

    private static void requireBoundary(
            @Nullable AttachedPermissionsBoundary present,
            @Nullable AttachedPermissionsBoundary wanted,
            String kind,
            String name) {
        if (present == null && wanted == null) {
            throw IamErrors.noSuch("The %s with name %s has no permissions boundary.".formatted(kind, name));
        }
    }
}
