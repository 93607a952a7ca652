package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.redshiftserverless.model.Namespace;
import software.amazon.awssdk.services.redshiftserverless.model.NamespaceStatus;
import software.amazon.awssdk.services.redshiftserverless.model.Workgroup;

/** Namespaces and workgroups by name, and the verifiers of temporary passwords. Thread-safe. */
final class RedshiftStore {
    static final String NAMESPACE = "redshift-serverless:namespace";
    static final String WORKGROUP = "redshift-serverless:workgroup";

    /** Extra of a namespace: the verifier of its administrator's password. */
    static final String VERIFIER = "verifier";

    /** Index and extra of a temporary password: when it ends, in a form whose text order is time order. */
    static final String EXPIRES = "expires";

    /** Index and extra of a user, group or role: {@code namespaceId/kind/name}. */
    static final String PRINCIPAL = "principal";

    /** Index of a workgroup: its namespace. */
    static final String BY_NAMESPACE = "namespace";

    private static final Scope MACHINE = new Scope("", "");

    private final Database database;
    private final Resources<Namespace> namespaces;
    private final Resources<Workgroup> workgroups;
    private final Resources<String> passwords;
    private final Resources<String> ports;
    private final Resources<String> principals;
    private final Resources<String> lastPrincipals;

    RedshiftStore(Database database, Events events) {
        this.database = database;
        WireForm<Namespace> namespace = WireForm.of(Namespace.class, Namespace::builder);
        WireForm<Workgroup> workgroup = WireForm.of(Workgroup.class, Workgroup::builder);
        namespaces =
                new Resources<>(database, events, ResourceType.of(NAMESPACE, namespace::encode, namespace::decode));
        workgroups = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        WORKGROUP,
                        workgroup::encode,
                        workgroup::decode,
                        (value, extra) -> Map.of(BY_NAMESPACE, value.namespaceName())));
        passwords = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        "redshift-serverless:password",
                        text -> text,
                        text -> text,
                        (value, extra) -> Map.of(EXPIRES, extra.get(EXPIRES))));
        principals = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        "redshift-serverless:principal",
                        text -> text,
                        text -> text,
                        (value, extra) -> Map.of(PRINCIPAL, extra.get(PRINCIPAL))));
        lastPrincipals = new Resources<>(
                database, events, ResourceType.of("redshift-serverless:last-principal", text -> text, text -> text));
        ports = new Resources<>(
                database, events, ResourceType.of("redshift-serverless:port", text -> text, text -> text));
    }

    /** Takes a port of the machine, which all accounts share, for a workgroup; false when another has it. */
    boolean takePort(Transaction tx, int port) throws SQLException {
        String name = Integer.toString(port);
        if (ports.find(tx, MACHINE, name).isPresent()) {
            return false;
        }
        ports.insert(tx, MACHINE, name, name, Map.of());
        return true;
    }

    /** Gives a port back. */
    void givePort(Transaction tx, int port) throws SQLException {
        ports.deleteIfPresent(tx, MACHINE, Integer.toString(port));
    }

    /**
     * An id in a namespace that no user, group or role had before: what they own and were granted goes by it.
     *
     * @param first all ids are greater than this
     */
    int nextPrincipal(Transaction tx, Scope scope, String namespaceId, int first) throws SQLException {
        Optional<Stored<String>> last = lastPrincipals.find(tx, scope, namespaceId);
        int id = last.map(Stored::value).map(Integer::parseInt).orElse(first) + 1;
        if (last.isPresent()) {
            lastPrincipals.update(tx, last.get().with(Integer.toString(id)));
        } else {
            lastPrincipals.insert(tx, scope, namespaceId, Integer.toString(id), Map.of());
        }
        return id;
    }

    /** Has ids of a namespace's users, groups and roles go on after one that was given before. */
    void keepPrincipalsAfter(Transaction tx, Scope scope, String namespaceId, int last) throws SQLException {
        if (lastPrincipal(tx, scope, namespaceId) < last) {
            lastPrincipals.deleteIfPresent(tx, scope, namespaceId);
            lastPrincipals.insert(tx, scope, namespaceId, Integer.toString(last), Map.of());
        }
    }

    /** The last id that was given in a namespace; 0 when none was. */
    int lastPrincipal(Transaction tx, Scope scope, String namespaceId) throws SQLException {
        return lastPrincipals
                .find(tx, scope, namespaceId)
                .map(Stored::value)
                .map(Integer::parseInt)
                .orElse(0);
    }

    /** A namespace is gone, whose id is never used again. */
    void forgetPrincipals(Transaction tx, Scope scope, String namespaceId) throws SQLException {
        lastPrincipals.deleteIfPresent(tx, scope, namespaceId);
    }

    static String expiry(Instant at) {
        return "%015d".formatted(at.toEpochMilli());
    }

    Database database() {
        return database;
    }

    Resources<Namespace> namespaces() {
        return namespaces;
    }

    Resources<Workgroup> workgroups() {
        return workgroups;
    }

    /** Verifiers, named {@code namespaceId/user/number}. */
    Resources<String> passwords() {
        return passwords;
    }

    /** Users, groups and roles as JSON, named {@code namespaceId/kind/id}; a user's verifier is an extra. */
    Resources<String> principals() {
        return principals;
    }

    /** @throws software.amazon.awssdk.services.redshiftserverless.model.ResourceNotFoundException when there is none */
    Stored<Namespace> requireNamespace(Transaction tx, Scope scope, String name) throws SQLException {
        return namespaces.find(tx, scope, name).orElseThrow(() -> RedshiftErrors.notFound("Namespace", name));
    }

    /**
     * A namespace that can be changed.
     *
     * @throws software.amazon.awssdk.services.redshiftserverless.model.ConflictException while it is restored
     */
    Stored<Namespace> requireAvailable(Transaction tx, Scope scope, String name) throws SQLException {
        Stored<Namespace> namespace = requireNamespace(tx, scope, name);
        if (namespace.value().status() != NamespaceStatus.AVAILABLE) {
            throw RedshiftErrors.conflict(
                    "Namespace %s is %s; it must be AVAILABLE.",
                    name, namespace.value().statusAsString());
        }
        return namespace;
    }

    /** @throws software.amazon.awssdk.services.redshiftserverless.model.ResourceNotFoundException when there is none */
    Stored<Workgroup> requireWorkgroup(Transaction tx, Scope scope, String name) throws SQLException {
        return workgroups.find(tx, scope, name).orElseThrow(() -> RedshiftErrors.notFound("Workgroup", name));
    }

    /** The workgroup of a namespace, which has one at most. */
    Optional<Stored<Workgroup>> workgroupOf(Transaction tx, Scope scope, String namespace) throws SQLException {
        return workgroups.listByIndex(tx, scope, BY_NAMESPACE, namespace, "", 1).items().stream()
                .findFirst();
    }
}
