package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.AttachedPermissionsBoundary;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.CreateRoleResponse;
import software.amazon.awssdk.services.iam.model.DeleteRoleRequest;
import software.amazon.awssdk.services.iam.model.DeleteRoleResponse;
import software.amazon.awssdk.services.iam.model.GetRoleRequest;
import software.amazon.awssdk.services.iam.model.GetRoleResponse;
import software.amazon.awssdk.services.iam.model.ListRolesRequest;
import software.amazon.awssdk.services.iam.model.ListRolesResponse;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.UpdateAssumeRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.UpdateAssumeRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.UpdateRoleDescriptionRequest;
import software.amazon.awssdk.services.iam.model.UpdateRoleDescriptionResponse;
import software.amazon.awssdk.services.iam.model.UpdateRoleRequest;
import software.amazon.awssdk.services.iam.model.UpdateRoleResponse;

/** Roles and whom they trust. */
final class Roles {
    private static final int MOST = 1_000;
    private static final int MAX_TRUST_CHARACTERS = 2_048;
    private static final int LEAST_SESSION_SECONDS = 3_600;
    private static final int LONGEST_SESSION_SECONDS = 43_200;
    private static final int MAX_DESCRIPTION = 1_000;

    private final IdentityStore store;
    private final Boundaries boundaries;
    private final InstanceProfiles profiles;
    private final LastUses uses;
    private final InstantSource clock;

    Roles(IdentityStore store, Boundaries boundaries, InstanceProfiles profiles, LastUses uses, InstantSource clock) {
        this.store = store;
        this.boundaries = boundaries;
        this.profiles = profiles;
        this.uses = uses;
        this.clock = clock;
    }

    CreateRoleResponse create(Call call, CreateRoleRequest request) {
        if (Members.path(request.path()).startsWith(ServiceLinkedRoles.PATH)) {
            throw IamErrors.validation(
                    "The path %s is kept for service-linked roles; use CreateServiceLinkedRole.", request.path());
        }
        Role role = role(call.scope().account(), request);
        return call.commit(tx -> {
            Scope scope = IdentityStore.scope(call.scope().account());
            String key = IdentityStore.key(role.roleName());
            if (store.roles().find(tx, scope, key).isPresent()) {
                throw IamErrors.exists("Role with name " + role.roleName());
            }
            if (store.roles().list(tx, scope, "", "", MOST).items().size() >= MOST) {
                throw IamErrors.limitExceeded("RolesPerAccount", MOST);
            }
            store.roles().insert(tx, scope, key, role, Map.of());
            return CreateRoleResponse.builder().role(shown(role)).build();
        });
    }

    /** A role as it is stored: its trust policy is plain text. */
    Role role(String account, CreateRoleRequest request) {
        String name = Members.roleName(request.roleName());
        String path = Members.path(request.path());
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return Role.builder()
                .path(path)
                .roleName(name)
                .roleId(UniqueIds.next(EntityKind.ROLE.idPrefix()))
                .arn("arn:aws:iam::" + account + ":role" + path + name)
                .createDate(now)
                .assumeRolePolicyDocument(Documents.trust(request.assumeRolePolicyDocument(), MAX_TRUST_CHARACTERS))
                .description(description(request.description()))
                .maxSessionDuration(seconds(request.maxSessionDuration()))
                .permissionsBoundary(boundaries.of(account, request.permissionsBoundary()))
                .tags(TagList.valid(request.tags()))
                .build();
    }

    private static @Nullable String description(@Nullable String description) {
        return description == null ? null : Members.longest("description", description, MAX_DESCRIPTION);
    }

    private static int seconds(@Nullable Integer seconds) {
        return Members.between(
                "maxSessionDuration", seconds, LEAST_SESSION_SECONDS, LONGEST_SESSION_SECONDS, LEAST_SESSION_SECONDS);
    }

    GetRoleResponse get(Call call, GetRoleRequest request) {
        String account = call.scope().account();
        String name = Members.roleName(request.roleName());
        Role role = store.role(account, name).orElseThrow(() -> IamErrors.noSuch(EntityKind.ROLE, name));
        return GetRoleResponse.builder()
                .role(shown(role).toBuilder()
                        .roleLastUsed(last -> uses.ofEntity(account, role.roleId())
                                .ifPresent(use -> last.lastUsedDate(use.time()).region(use.region())))
                        .build())
                .build();
    }

    ListRolesResponse list(Call call, ListRolesRequest request) {
        String prefix = Objects.requireNonNullElse(request.pathPrefix(), "/");
        Listing<Role> page = Listing.of(
                store.roles(),
                IdentityStore.scope(call.scope().account()),
                "",
                request.marker(),
                request.maxItems(),
                role -> role.path().startsWith(prefix));
        return ListRolesResponse.builder()
                .roles(page.items().stream().map(Roles::listed).toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    UpdateAssumeRolePolicyResponse updateTrust(Call call, UpdateAssumeRolePolicyRequest request) {
        String document = Documents.trust(request.policyDocument(), MAX_TRUST_CHARACTERS);
        return change(
                call,
                request.roleName(),
                role -> role.toBuilder().assumeRolePolicyDocument(document).build(),
                UpdateAssumeRolePolicyResponse.builder().build());
    }

    UpdateRoleResponse update(Call call, UpdateRoleRequest request) {
        String description = description(request.description());
        Integer seconds = request.maxSessionDuration() == null ? null : seconds(request.maxSessionDuration());
        return change(
                call,
                request.roleName(),
                role -> role.toBuilder()
                        .description(description == null ? role.description() : description)
                        .maxSessionDuration(seconds == null ? role.maxSessionDuration() : seconds)
                        .build(),
                UpdateRoleResponse.builder().build());
    }

    UpdateRoleDescriptionResponse updateDescription(Call call, UpdateRoleDescriptionRequest request) {
        String name = Members.roleName(request.roleName());
        String description = description(Members.required("description", request.description()));
        BuiltInRole.refuseChange(EntityKind.ROLE, name);
        return call.commit(tx -> {
            Stored<Role> role = store.requireRole(tx, call.scope().account(), name);
            Role changed = role.value().toBuilder().description(description).build();
            store.roles().update(tx, role.with(changed));
            return UpdateRoleDescriptionResponse.builder().role(shown(changed)).build();
        });
    }

    private <R> R change(Call call, @Nullable String roleName, UnaryOperator<Role> change, R response) {
        String name = Members.roleName(roleName);
        BuiltInRole.refuseChange(EntityKind.ROLE, name);
        return call.commit(tx -> {
            Stored<Role> role = store.requireRole(tx, call.scope().account(), name);
            ServiceLinkedRoles.refuseChange(Entity.of(role.value()));
            store.roles().update(tx, role.with(change.apply(role.value())));
            return response;
        });
    }

    DeleteRoleResponse delete(Call call, DeleteRoleRequest request) {
        String name = Members.roleName(request.roleName());
        BuiltInRole.refuseChange(EntityKind.ROLE, name);
        return call.commit(tx -> {
            String account = call.scope().account();
            Stored<Role> role = store.requireRole(tx, account, name);
            Entity entity = Entity.of(role.value());
            ServiceLinkedRoles.refuseChange(entity);
            profiles.requireNone(tx, IdentityStore.scope(account), entity.key());
            Users.requireNoPolicies(store, tx, IdentityStore.scope(account), entity);
            store.roles().delete(tx, role);
            return DeleteRoleResponse.builder().build();
        });
    }

    /** The role as listings carry it: AWS leaves boundary and tags to GetRole. */
    private static Role listed(Role role) {
        return shown(role).toBuilder()
                .permissionsBoundary((AttachedPermissionsBoundary) null)
                .tags((List<Tag>) null)
                .build();
    }

    /** The role as responses carry it. */
    static Role shown(Role role) {
        return role.toBuilder()
                .assumeRolePolicyDocument(Documents.encoded(role.assumeRolePolicyDocument()))
                .build();
    }
}
