package dev.groundplane.services.iam;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.Role;

/**
 * Roles and their inline policies. IAM is global: an account's roles live in no region. Names differ by more than case, so
 * roles are kept under their lower-case name. What was read is remembered until something of the kind is written.
 * Thread-safe.
 */
final class RoleStore {
    private final Database database;
    private final Resources<Role> roles;
    private final Resources<PolicyDetail> policies;

    RoleStore(Database database, Events events) {
        this.database = database;
        WireForm<Role> role = WireForm.of(Role.class, Role::builder);
        WireForm<PolicyDetail> policy = WireForm.of(PolicyDetail.class, PolicyDetail::builder);
        roles = new Resources<>(database, events, ResourceType.of("iam:role", role::encode, role::decode));
        policies =
                new Resources<>(database, events, ResourceType.of("iam:role-policy", policy::encode, policy::decode));
    }

    Database database() {
        return database;
    }

    Resources<Role> roles() {
        return roles;
    }

    Resources<PolicyDetail> policies() {
        return policies;
    }

    static Scope scope(String account) {
        return new Scope(account, "");
    }

    static String key(String roleName) {
        return roleName.toLowerCase(Locale.ROOT);
    }

    static String key(String roleName, String policyName) {
        return key(roleName) + "/" + policyName;
    }

    Optional<Role> find(String account, String roleName) {
        return roles.find(scope(account), key(roleName)).map(Stored::value);
    }

    Stored<Role> require(Transaction tx, String account, String roleName) throws SQLException {
        return roles.find(tx, scope(account), key(roleName)).orElseThrow(() -> IamErrors.noSuchRole(roleName));
    }

    /** The role's inline policies in order of their names. */
    List<PolicyDetail> policies(String account, String roleName) {
        return policies.list(scope(account), key(roleName) + "/", "", Resources.ALL).items().stream()
                .map(Stored::value)
                .toList();
    }
}
