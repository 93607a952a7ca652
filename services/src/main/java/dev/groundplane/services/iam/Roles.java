package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.MalformedPolicyException;
import dev.groundplane.platform.policy.TrustPolicy;
import dev.groundplane.platform.store.Page;
import dev.groundplane.platform.store.Stored;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.CreateRoleResponse;
import software.amazon.awssdk.services.iam.model.DeleteRoleRequest;
import software.amazon.awssdk.services.iam.model.DeleteRoleResponse;
import software.amazon.awssdk.services.iam.model.GetRoleRequest;
import software.amazon.awssdk.services.iam.model.GetRoleResponse;
import software.amazon.awssdk.services.iam.model.ListRolesRequest;
import software.amazon.awssdk.services.iam.model.ListRolesResponse;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.UpdateAssumeRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.UpdateAssumeRolePolicyResponse;

/** Roles and whom they trust. */
final class Roles {
    private static final String ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int ID_LENGTH = 17;
    private static final int MAX_TRUST_CHARACTERS = 2_048;
    private static final int LEAST_SESSION_SECONDS = 3_600;
    private static final int LONGEST_SESSION_SECONDS = 43_200;
    private static final int MAX_DESCRIPTION = 1_000;

    private final RoleStore store;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    Roles(RoleStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    CreateRoleResponse create(Call call, CreateRoleRequest request) {
        Members.supported(
                request,
                "Path",
                "RoleName",
                "AssumeRolePolicyDocument",
                "Description",
                "MaxSessionDuration",
                "Tags",
                "Tags.*");
        Role role = role(call.scope().account(), request);
        return call.commit(tx -> {
            Scope scope = RoleStore.scope(call.scope().account());
            String key = RoleStore.key(role.roleName());
            if (store.roles().find(tx, scope, key).isPresent()) {
                throw IamErrors.roleExists(role.roleName());
            }
            store.roles().insert(tx, scope, key, role, Map.of());
            return CreateRoleResponse.builder().role(shown(role)).build();
        });
    }

    /** A role as it is stored: its trust policy is plain text. */
    Role role(String account, CreateRoleRequest request) {
        String name = Members.roleName(request.roleName());
        String path = Members.path(request.path());
        StringBuilder id = new StringBuilder("AROA");
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ID_ALPHABET.charAt(random.nextInt(ID_ALPHABET.length())));
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return Role.builder()
                .path(path)
                .roleName(name)
                .roleId(id.toString())
                .arn("arn:aws:iam::" + account + ":role" + path + name)
                .createDate(now)
                .assumeRolePolicyDocument(trustPolicy(request.assumeRolePolicyDocument()))
                .description(
                        request.description() == null
                                ? null
                                : Members.longest("description", request.description(), MAX_DESCRIPTION))
                .maxSessionDuration(Members.between(
                        "maxSessionDuration",
                        request.maxSessionDuration(),
                        LEAST_SESSION_SECONDS,
                        LONGEST_SESSION_SECONDS,
                        LEAST_SESSION_SECONDS))
                .tags(request.tags())
                .build();
    }

    private static String trustPolicy(String document) {
        String text = Members.required("assumeRolePolicyDocument", document);
        if (text.length() > MAX_TRUST_CHARACTERS) {
            throw IamErrors.limitExceeded("ACLSizePerRole", MAX_TRUST_CHARACTERS);
        }
        try {
            TrustPolicy.parse(text);
            return text;
        } catch (MalformedPolicyException e) {
            throw IamErrors.malformed(String.valueOf(e.getMessage()));
        }
    }

    GetRoleResponse get(Call call, GetRoleRequest request) {
        String name = Members.roleName(request.roleName());
        Role role = store.find(call.scope().account(), name).orElseThrow(() -> IamErrors.noSuchRole(name));
        return GetRoleResponse.builder().role(shown(role)).build();
    }

    ListRolesResponse list(Call call, ListRolesRequest request) {
        int limit = Members.maxItems(request.maxItems());
        String prefix = Objects.requireNonNullElse(request.pathPrefix(), "/");
        Scope scope = RoleStore.scope(call.scope().account());
        List<Role> found = new ArrayList<>();
        Optional<String> next = Optional.of(Objects.requireNonNullElse(request.marker(), ""));
        while (next.isPresent() && found.size() < limit) {
            Page<Role> page = store.roles().list(scope, "", next.get(), limit - found.size());
            page.items().stream()
                    .map(Stored::value)
                    .filter(role -> role.path().startsWith(prefix))
                    .forEach(role -> found.add(shown(role)));
            next = page.next();
        }
        return ListRolesResponse.builder()
                .roles(found)
                .isTruncated(next.isPresent())
                .marker(next.orElse(null))
                .build();
    }

    UpdateAssumeRolePolicyResponse updateTrust(Call call, UpdateAssumeRolePolicyRequest request) {
        String name = Members.roleName(request.roleName());
        BuiltInRole.refuseChange(name);
        String document = trustPolicy(request.policyDocument());
        return call.commit(tx -> {
            Stored<Role> role = store.require(tx, call.scope().account(), name);
            store.roles()
                    .update(
                            tx,
                            role.with(role.value().toBuilder()
                                    .assumeRolePolicyDocument(document)
                                    .build()));
            return UpdateAssumeRolePolicyResponse.builder().build();
        });
    }

    DeleteRoleResponse delete(Call call, DeleteRoleRequest request) {
        String name = Members.roleName(request.roleName());
        BuiltInRole.refuseChange(name);
        return call.commit(tx -> {
            String account = call.scope().account();
            Stored<Role> role = store.require(tx, account, name);
            if (!store.policies()
                    .list(tx, RoleStore.scope(account), RoleStore.key(name) + "/", "", 1)
                    .items()
                    .isEmpty()) {
                throw IamErrors.policiesFirst();
            }
            store.roles().delete(tx, role);
            return DeleteRoleResponse.builder().build();
        });
    }

    /** The role as responses carry it: policies are percent-encoded (RFC 3986). */
    private static Role shown(Role role) {
        return role.toBuilder()
                .assumeRolePolicyDocument(encoded(role.assumeRolePolicyDocument()))
                .build();
    }

    static String encoded(String document) {
        return URLEncoder.encode(document, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
