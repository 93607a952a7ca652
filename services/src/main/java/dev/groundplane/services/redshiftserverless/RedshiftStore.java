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
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.redshiftserverless.model.Namespace;
import software.amazon.awssdk.services.redshiftserverless.model.NamespaceStatus;
import software.amazon.awssdk.services.redshiftserverless.model.Workgroup;

/** Namespaces and workgroups by name. Thread-safe. */
final class RedshiftStore {
    static final String NAMESPACE = "redshift-serverless:namespace";
    static final String WORKGROUP = "redshift-serverless:workgroup";

    /** Extra of a namespace: the verifier of its administrator's password. */
    static final String VERIFIER = "verifier";

    /** Index of a workgroup: its namespace. */
    static final String BY_NAMESPACE = "namespace";

    private final Database database;
    private final Resources<Namespace> namespaces;
    private final Resources<Workgroup> workgroups;

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
