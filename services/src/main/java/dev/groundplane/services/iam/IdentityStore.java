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
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.Group;
import software.amazon.awssdk.services.iam.model.Policy;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.PolicyVersion;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.User;

/**
 * Users, groups, roles and their policies. IAM is global: an account's identities live in no region. Names differ by more
 * than case, so all are kept under their lower-case name. What was read is remembered until something of the kind is
 * written. Thread-safe.
 */
final class IdentityStore {
    /** Index of attachments: the policy's ARN. */
    static final String BY_POLICY = "policy";
    /** Index of memberships: the user's id. */
    static final String BY_USER = "user";

    private static final String ATTACHMENT = "iam:attachment";
    private static final String MEMBERSHIP = "iam:membership";
    private static final String POLICY_VERSION = "iam:policy-version";

    private final Database database;
    private final Resources<User> users;
    private final Resources<Group> groups;
    private final Resources<Role> roles;
    private final Map<EntityKind, Resources<PolicyDetail>> inline = new EnumMap<>(EntityKind.class);
    private final Resources<AttachedPolicy> attachments;
    private final Resources<String> memberships;
    private final Resources<Policy> policies;
    private final Resources<PolicyVersion> versions;

    IdentityStore(Database database, Events events) {
        this.database = database;
        WireForm<User> user = WireForm.of(User.class, User::builder);
        WireForm<Group> group = WireForm.of(Group.class, Group::builder);
        WireForm<Role> role = WireForm.of(Role.class, Role::builder);
        WireForm<PolicyDetail> detail = WireForm.of(PolicyDetail.class, PolicyDetail::builder);
        WireForm<AttachedPolicy> attached = WireForm.of(AttachedPolicy.class, AttachedPolicy::builder);
        WireForm<Policy> policy = WireForm.of(Policy.class, Policy::builder);
        WireForm<PolicyVersion> version = WireForm.of(PolicyVersion.class, PolicyVersion::builder);
        users = new Resources<>(database, events, ResourceType.of(type(EntityKind.USER), user::encode, user::decode));
        groups = new Resources<>(
                database, events, ResourceType.of(type(EntityKind.GROUP), group::encode, group::decode));
        roles = new Resources<>(database, events, ResourceType.of(type(EntityKind.ROLE), role::encode, role::decode));
        for (EntityKind kind : EntityKind.values()) {
            inline.put(
                    kind,
                    new Resources<>(
                            database, events, ResourceType.of(inlineType(kind), detail::encode, detail::decode)));
        }
        attachments = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        ATTACHMENT,
                        attached::encode,
                        attached::decode,
                        (value, extra) -> Map.of(BY_POLICY, value.policyArn())));
        memberships = new Resources<>(
                database,
                events,
                new ResourceType<>(MEMBERSHIP, text -> text, text -> text, (value, extra) -> Map.of(BY_USER, value)));
        policies = new Resources<>(database, events, ResourceType.of("iam:policy", policy::encode, policy::decode));
        versions = new Resources<>(database, events, ResourceType.of(POLICY_VERSION, version::encode, version::decode));
    }

    private static String type(EntityKind kind) {
        return "iam:" + kind.word();
    }

    private static String inlineType(EntityKind kind) {
        return type(kind) + "-policy";
    }

    /** Types whose changes may change what somebody may do. */
    static List<String> decisiveTypes() {
        return Stream.concat(
                        Stream.of(ATTACHMENT, MEMBERSHIP, POLICY_VERSION),
                        Stream.of(EntityKind.values()).flatMap(kind -> Stream.of(type(kind), inlineType(kind))))
                .toList();
    }

    Database database() {
        return database;
    }

    Resources<User> users() {
        return users;
    }

    Resources<Group> groups() {
        return groups;
    }

    Resources<Role> roles() {
        return roles;
    }

    /** Inline policies by {@code entity's key/policy's name}. */
    Resources<PolicyDetail> inline(EntityKind kind) {
        return Objects.requireNonNull(inline.get(kind));
    }

    /** Attachments by {@code kind/entity's key/policy's ARN}. */
    Resources<AttachedPolicy> attachments() {
        return attachments;
    }

    /** Ids of users by {@code group's id/user's id}. */
    Resources<String> memberships() {
        return memberships;
    }

    /** The accounts' own managed policies. */
    Resources<Policy> policies() {
        return policies;
    }

    /** Versions of managed policies by {@code policy's key/number}. */
    Resources<PolicyVersion> versions() {
        return versions;
    }

    static Scope scope(String account) {
        return new Scope(account, "");
    }

    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    static String attachmentPrefix(Entity entity) {
        return entity.kind().word() + "/" + entity.key() + "/";
    }

    Optional<Entity> find(EntityKind kind, String account, String name) {
        Scope scope = scope(account);
        return switch (kind) {
            case USER -> users.find(scope, key(name)).map(Stored::value).map(Entity::of);
            case GROUP -> groups.find(scope, key(name)).map(Stored::value).map(Entity::of);
            case ROLE -> roles.find(scope, key(name)).map(Stored::value).map(Entity::of);
        };
    }

    Entity require(EntityKind kind, String account, String name) {
        return find(kind, account, name).orElseThrow(() -> IamErrors.noSuch(kind, name));
    }

    Entity require(Transaction tx, EntityKind kind, String account, String name) throws SQLException {
        return switch (kind) {
            case USER -> Entity.of(requireUser(tx, account, name).value());
            case GROUP -> Entity.of(requireGroup(tx, account, name).value());
            case ROLE -> Entity.of(requireRole(tx, account, name).value());
        };
    }

    Stored<User> requireUser(Transaction tx, String account, String name) throws SQLException {
        return users.find(tx, scope(account), key(name)).orElseThrow(() -> IamErrors.noSuch(EntityKind.USER, name));
    }

    Stored<Group> requireGroup(Transaction tx, String account, String name) throws SQLException {
        return groups.find(tx, scope(account), key(name)).orElseThrow(() -> IamErrors.noSuch(EntityKind.GROUP, name));
    }

    Stored<Role> requireRole(Transaction tx, String account, String name) throws SQLException {
        return roles.find(tx, scope(account), key(name)).orElseThrow(() -> IamErrors.noSuch(EntityKind.ROLE, name));
    }

    Optional<Role> role(String account, String name) {
        return roles.find(scope(account), key(name)).map(Stored::value);
    }

    /** The entity's inline policies in order of their names. */
    List<PolicyDetail> inlinePolicies(String account, Entity entity) {
        return inline(entity.kind()).list(scope(account), entity.key() + "/", "", Resources.ALL).items().stream()
                .map(Stored::value)
                .toList();
    }

    /** The managed policies that are attached to the entity, in order of their ARNs. */
    List<AttachedPolicy> attached(String account, Entity entity) {
        return attachments.list(scope(account), attachmentPrefix(entity), "", Resources.ALL).items().stream()
                .map(Stored::value)
                .toList();
    }

    /** The groups of a user, by the memberships that name it. */
    List<Group> groupsOf(String account, String userId) {
        Scope scope = scope(account);
        List<String> ids = memberships.listByIndex(scope, BY_USER, userId, "", Resources.ALL).items().stream()
                .map(member -> member.name().substring(0, member.name().indexOf('/')))
                .toList();
        return ids.isEmpty()
                ? List.of()
                : groups.list(scope, "", "", Resources.ALL).items().stream()
                        .map(Stored::value)
                        .filter(group -> ids.contains(group.groupId()))
                        .toList();
    }
}
