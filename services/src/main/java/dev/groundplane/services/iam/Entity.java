package dev.groundplane.services.iam;

import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.AttachedPermissionsBoundary;
import software.amazon.awssdk.services.iam.model.Group;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.User;

/**
 * What users, groups and roles have in common.
 *
 * @param key what its policies are kept under: ids, which a change of name leaves alone; a role's name, which never changes
 * @param boundary the ARN of its permissions boundary
 */
record Entity(
        EntityKind kind,
        String name,
        String id,
        String arn,
        String path,
        String key,
        Optional<String> boundary,
        List<Tag> tags) {
    static Entity of(User user) {
        return new Entity(
                EntityKind.USER,
                user.userName(),
                user.userId(),
                user.arn(),
                user.path(),
                user.userId(),
                boundary(user.permissionsBoundary()),
                user.tags());
    }

    static Entity of(Group group) {
        return new Entity(
                EntityKind.GROUP,
                group.groupName(),
                group.groupId(),
                group.arn(),
                group.path(),
                group.groupId(),
                Optional.empty(),
                List.of());
    }

    static Entity of(Role role) {
        return new Entity(
                EntityKind.ROLE,
                role.roleName(),
                role.roleId(),
                role.arn(),
                role.path(),
                IdentityStore.key(role.roleName()),
                boundary(role.permissionsBoundary()),
                role.tags());
    }

    private static Optional<String> boundary(AttachedPermissionsBoundary boundary) {
        return Optional.ofNullable(boundary).map(AttachedPermissionsBoundary::permissionsBoundaryArn);
    }
}
