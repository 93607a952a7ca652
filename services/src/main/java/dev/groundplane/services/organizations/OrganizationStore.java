package dev.groundplane.services.organizations;

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
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.organizations.model.Account;
import software.amazon.awssdk.services.organizations.model.CreateAccountStatus;
import software.amazon.awssdk.services.organizations.model.Organization;
import software.amazon.awssdk.services.organizations.model.OrganizationalUnit;
import software.amazon.awssdk.services.organizations.model.Policy;
import software.amazon.awssdk.services.organizations.model.Root;

/**
 * Organizations and what is in them, by id. Accounts of any organization are found before it is known, so all lie in one
 * scope; extras say to which organization and parent they belong. Thread-safe.
 */
final class OrganizationStore {
    static final Scope GLOBAL = new Scope("", "");
    /** Extra and index: the organization's id. */
    static final String ORGANIZATION = "organization";
    /** Extra and index: the id of the unit or root above. */
    static final String PARENT = "parent";
    /** Extra of an account that is being made: the name of its role. */
    static final String ROLE = "role";
    /** Extra of an account that is being made: its e-mail address. */
    static final String EMAIL = "email";
    /** Index of attachments. */
    static final String POLICY = "policy";

    private static final String PREFIX = "organizations:";

    private final Database database;
    private final Resources<Organization> organizations;
    private final Resources<Root> roots;
    private final Resources<OrganizationalUnit> units;
    private final Resources<Account> accounts;
    private final Resources<Policy> policies;
    private final Resources<String> attachments;
    private final Resources<CreateAccountStatus> statuses;

    OrganizationStore(Database database, Events events) {
        this.database = database;
        organizations = resources(database, events, "organization", Organization.class, Organization::builder);
        roots = resources(database, events, "root", Root.class, Root::builder);
        units = resources(database, events, "unit", OrganizationalUnit.class, OrganizationalUnit::builder);
        accounts = resources(database, events, "account", Account.class, Account::builder);
        policies = resources(database, events, "policy", Policy.class, Policy::builder);
        statuses =
                resources(database, events, "create-account", CreateAccountStatus.class, CreateAccountStatus::builder);
        attachments = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        PREFIX + "attachment", text -> text, text -> text, (value, extra) -> Map.of(POLICY, value)));
    }

    private static <T extends SdkPojo> Resources<T> resources(
            Database database, Events events, String name, Class<T> type, Supplier<?> builder) {
        WireForm<T> form = WireForm.of(type, builder);
        return new Resources<>(
                database,
                events,
                new ResourceType<>(PREFIX + name, form::encode, form::decode, (value, extra) -> indexes(extra)));
    }

    private static Map<String, String> indexes(Map<String, String> extra) {
        String organization = extra.get(ORGANIZATION);
        String parent = extra.get(PARENT);
        return organization == null
                ? Map.of()
                : parent == null
                        ? Map.of(ORGANIZATION, organization)
                        : Map.of(ORGANIZATION, organization, PARENT, parent);
    }

    /** Types whose changes may change what accounts may do. */
    static List<String> decisiveTypes() {
        return List.of(
                PREFIX + "organization",
                PREFIX + "root",
                PREFIX + "unit",
                PREFIX + "account",
                PREFIX + "policy",
                PREFIX + "attachment");
    }

    Database database() {
        return database;
    }

    Resources<Organization> organizations() {
        return organizations;
    }

    Resources<Root> roots() {
        return roots;
    }

    Resources<OrganizationalUnit> units() {
        return units;
    }

    Resources<Account> accounts() {
        return accounts;
    }

    Resources<Policy> policies() {
        return policies;
    }

    /** Ids of policies by {@code target's id/policy's id}. */
    Resources<String> attachments() {
        return attachments;
    }

    Resources<CreateAccountStatus> statuses() {
        return statuses;
    }

    /** The organization that an account is in. */
    Optional<Organization> of(String account) {
        return accounts.find(GLOBAL, account)
                .flatMap(stored -> organizations.find(GLOBAL, organization(stored)))
                .map(Stored::value);
    }

    static String organization(Stored<?> stored) {
        return stored.extra().getOrDefault(ORGANIZATION, "");
    }

    static String parent(Stored<?> stored) {
        return stored.extra().getOrDefault(PARENT, "");
    }

    /** Everything of a kind in an organization, in order of ids. */
    <T> List<Stored<T>> in(Resources<T> kind, String organization) {
        return kind.listByIndex(GLOBAL, ORGANIZATION, organization, "", Resources.ALL)
                .items();
    }

    /** The same as the open transaction sees it. */
    <T> List<Stored<T>> in(Transaction tx, Resources<T> kind, String organization) throws SQLException {
        return kind.listByIndex(tx, GLOBAL, ORGANIZATION, organization, "", Resources.ALL)
                .items();
    }

    /** Everything of a kind right below a parent. */
    <T> List<Stored<T>> below(Resources<T> kind, String parent) {
        return kind.listByIndex(GLOBAL, PARENT, parent, "", Resources.ALL).items();
    }

    /** The same as the open transaction sees it. */
    <T> List<Stored<T>> below(Transaction tx, Resources<T> kind, String parent) throws SQLException {
        return kind.listByIndex(tx, GLOBAL, PARENT, parent, "", Resources.ALL).items();
    }

    /** The one of that id in an organization, as the open transaction sees it. */
    <T> Stored<T> require(
            Transaction tx,
            Resources<T> kind,
            String organization,
            String id,
            Function<String, ? extends RuntimeException> missing)
            throws SQLException {
        return kind.find(tx, GLOBAL, id)
                .filter(stored -> organization(stored).equals(organization))
                .orElseThrow(() -> missing.apply(id));
    }

    <T> Stored<T> require(
            Resources<T> kind, String organization, String id, Function<String, ? extends RuntimeException> missing) {
        return kind.find(GLOBAL, id)
                .filter(stored -> organization(stored).equals(organization))
                .orElseThrow(() -> missing.apply(id));
    }

    Stored<Root> root(String organization) {
        return in(roots, organization).getFirst();
    }

    Stored<Root> root(Transaction tx, String organization) throws SQLException {
        return in(tx, roots, organization).getFirst();
    }

    /** Ids of the policies that are attached to a target. */
    List<String> attached(String target) {
        return attachments.list(GLOBAL, target + "/", "", Resources.ALL).items().stream()
                .map(Stored::value)
                .toList();
    }

    void attach(Transaction tx, String target, String policy) throws SQLException {
        attachments.insert(tx, GLOBAL, target + "/" + policy, policy, Map.of());
    }

    /** Takes away all that is attached to what goes. */
    void detachAll(Transaction tx, String target) throws SQLException {
        for (Stored<String> one :
                attachments.list(tx, GLOBAL, target + "/", "", Resources.ALL).items()) {
            attachments.delete(tx, one);
        }
    }
}
