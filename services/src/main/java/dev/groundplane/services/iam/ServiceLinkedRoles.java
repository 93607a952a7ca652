package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.CreateServiceLinkedRoleRequest;
import software.amazon.awssdk.services.iam.model.CreateServiceLinkedRoleResponse;
import software.amazon.awssdk.services.iam.model.DeleteServiceLinkedRoleRequest;
import software.amazon.awssdk.services.iam.model.DeleteServiceLinkedRoleResponse;
import software.amazon.awssdk.services.iam.model.DeletionTaskStatusType;
import software.amazon.awssdk.services.iam.model.GetServiceLinkedRoleDeletionStatusRequest;
import software.amazon.awssdk.services.iam.model.GetServiceLinkedRoleDeletionStatusResponse;
import software.amazon.awssdk.services.iam.model.Role;

/**
 * Roles that belong to a service. Tools make them before they use the service; here services need no permissions of an
 * account, so these roles have none.
 */
final class ServiceLinkedRoles {
    static final String PATH = "/aws-service-role/";

    private static final Map<String, String> NAMES = Map.of(
            "ecs.amazonaws.com", "AWSServiceRoleForECS",
            "organizations.amazonaws.com", "AWSServiceRoleForOrganizations",
            "ssm.amazonaws.com", "AWSServiceRoleForAmazonSSM");
    private static final Pattern TASK =
            Pattern.compile("task/aws-service-role/[a-z0-9.-]+/([\\w+=,.@-]+)/[0-9a-f-]{36}");

    private final IdentityStore store;
    private final Roles roles;

    ServiceLinkedRoles(IdentityStore store, Roles roles) {
        this.store = store;
        this.roles = roles;
    }

    static void refuseChange(Entity entity) {
        if (entity.path().startsWith(PATH)) {
            throw IamErrors.serviceLinked(entity.name());
        }
    }

    CreateServiceLinkedRoleResponse create(Call call, CreateServiceLinkedRoleRequest request) {
        String service = Members.required("aWSServiceName", request.awsServiceName());
        String name = NAMES.get(service);
        if (name == null) {
            throw IamErrors.invalidInput(
                    "Service role name for %s is not known; these are: %s", service, NAMES.keySet());
        }
        if (request.customSuffix() != null) {
            throw IamErrors.invalidInput("Custom suffix is not allowed for %s", service);
        }
        Role role = roles.role(
                call.scope().account(),
                CreateRoleRequest.builder()
                        .path(PATH + service + "/")
                        .roleName(name)
                        .description(request.description())
                        .assumeRolePolicyDocument("""
                                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"%s"},\
                                "Action":"sts:AssumeRole"}]}""".formatted(service))
                        .build());
        return call.commit(tx -> {
            Scope scope = IdentityStore.scope(call.scope().account());
            String key = IdentityStore.key(name);
            if (store.roles().find(tx, scope, key).isPresent()) {
                throw IamErrors.invalidInput(
                        "Service role name %s has been taken in this account, please try a different suffix.", name);
            }
            store.roles().insert(tx, scope, key, role, Map.of());
            return CreateServiceLinkedRoleResponse.builder()
                    .role(Roles.shown(role))
                    .build();
        });
    }

    DeleteServiceLinkedRoleResponse delete(Call call, DeleteServiceLinkedRoleRequest request) {
        String name = Members.roleName(request.roleName());
        return call.commit(tx -> {
            Stored<Role> role = store.requireRole(tx, call.scope().account(), name);
            if (!role.value().path().startsWith(PATH)) {
                throw IamErrors.invalidInput("The role %s is not a service-linked role.", name);
            }
            store.roles().delete(tx, role);
            return DeleteServiceLinkedRoleResponse.builder()
                    .deletionTaskId("task" + role.value().path() + name + "/" + UUID.randomUUID())
                    .build();
        });
    }

    /** Deletion is done when it was asked for. */
    GetServiceLinkedRoleDeletionStatusResponse status(Call call, GetServiceLinkedRoleDeletionStatusRequest request) {
        String id = Members.required("deletionTaskId", request.deletionTaskId());
        Matcher task = TASK.matcher(id);
        if (!task.matches()) {
            throw IamErrors.noSuch("The deletion task %s cannot be found.".formatted(id));
        }
        return GetServiceLinkedRoleDeletionStatusResponse.builder()
                .status(DeletionTaskStatusType.SUCCEEDED)
                .build();
    }
}
