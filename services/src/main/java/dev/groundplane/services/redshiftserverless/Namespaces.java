package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.warehouse.AdministratorPassword;
import dev.groundplane.services.warehouse.DatabasePrincipals;
import dev.groundplane.services.warehouse.NamespaceUsers;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import software.amazon.awssdk.services.redshiftserverless.model.CreateNamespaceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.CreateNamespaceResponse;
import software.amazon.awssdk.services.redshiftserverless.model.DeleteNamespaceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.DeleteNamespaceResponse;
import software.amazon.awssdk.services.redshiftserverless.model.GetNamespaceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetNamespaceResponse;
import software.amazon.awssdk.services.redshiftserverless.model.ListNamespacesRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ListNamespacesResponse;
import software.amazon.awssdk.services.redshiftserverless.model.Namespace;
import software.amazon.awssdk.services.redshiftserverless.model.NamespaceStatus;
import software.amazon.awssdk.services.redshiftserverless.model.UpdateNamespaceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.UpdateNamespaceResponse;

/** Namespaces: databases and their users. */
final class Namespaces {
    private static final String DEFAULT_USER = "admin";
    private static final String DEFAULT_DATABASE = "dev";

    private static final Set<String> CREATE = Set.of(
            "namespaceName", "adminUsername", "adminUserPassword", "dbName", "tags.*", "iamRoles", "defaultIamRoleArn");
    private static final Set<String> UPDATE =
            Set.of("namespaceName", "adminUsername", "adminUserPassword", "iamRoles", "defaultIamRoleArn");

    private final RedshiftStore store;
    private final DatabasePrincipals principals;
    private final AttachedRoles roles;
    private final Snapshots snapshots;
    private final RecoveryPoints points;
    private final InstantSource clock;

    Namespaces(
            RedshiftStore store,
            DatabasePrincipals principals,
            AttachedRoles roles,
            Snapshots snapshots,
            RecoveryPoints points,
            InstantSource clock) {
        this.store = store;
        this.principals = principals;
        this.roles = roles;
        this.snapshots = snapshots;
        this.points = points;
        this.clock = clock;
    }

    CreateNamespaceResponse create(Call call, CreateNamespaceRequest request) {
        RedshiftErrors.checkMembers(request, CREATE);
        String name = Rules.name("namespaceName", request.namespaceName());
        String user = Rules.databaseUser(Objects.requireNonNullElse(request.adminUsername(), DEFAULT_USER));
        String database = Rules.database(Objects.requireNonNullElse(request.dbName(), DEFAULT_DATABASE));
        Map<String, String> extra = request.adminUserPassword() == null
                ? Map.of()
                : Map.of(RedshiftStore.VERIFIER, verifier(request.adminUserPassword()));
        roles.check(call, request.iamRoles(), List.of());
        return call.commit(tx -> {
            if (store.namespaces().find(tx, call.scope(), name).isPresent()) {
                throw RedshiftErrors.conflict("Namespace %s already exists.", name);
            }
            String id = UUID.randomUUID().toString();
            Namespace.Builder made = Namespace.builder()
                    .namespaceName(name)
                    .namespaceId(id)
                    .namespaceArn(call.scope().arn("redshift-serverless", "namespace/" + id))
                    .adminUsername(user)
                    .dbName(database)
                    .status(NamespaceStatus.AVAILABLE)
                    .creationDate(clock.instant());
            roles.set(made, request.hasIamRoles() ? request.iamRoles() : null, request.defaultIamRoleArn());
            Namespace namespace = made.build();
            store.namespaces().insert(tx, call.scope(), name, namespace, Tags.added(extra, request.tags()));
            return CreateNamespaceResponse.builder()
                    .namespace(AttachedRoles.shown(namespace))
                    .build();
        });
    }

    private static String verifier(String password) {
        return AdministratorPassword.verifier(Rules.password(password)).toString();
    }

    GetNamespaceResponse get(Call call, GetNamespaceRequest request) {
        String name = Rules.name("namespaceName", request.namespaceName());
        return GetNamespaceResponse.builder()
                .namespace(AttachedRoles.shown(store.namespaces()
                        .find(call.scope(), name)
                        .orElseThrow(() -> RedshiftErrors.notFound("Namespace", name))
                        .value()))
                .build();
    }

    ListNamespacesResponse list(Call call, ListNamespacesRequest request) {
        var page = store.namespaces()
                .list(call.scope(), "", Rules.after(request.nextToken()), Rules.pageSize(request.maxResults()));
        return ListNamespacesResponse.builder()
                .namespaces(page.items().stream()
                        .map(Stored::value)
                        .map(AttachedRoles::shown)
                        .toList())
                .nextToken(Rules.token(page))
                .build();
    }

    UpdateNamespaceResponse update(Call call, UpdateNamespaceRequest request) {
        RedshiftErrors.checkMembers(request, UPDATE);
        String name = Rules.name("namespaceName", request.namespaceName());
        roles.check(
                call,
                request.iamRoles(),
                store.namespaces()
                        .find(call.scope(), name)
                        .map(found -> found.value().iamRoles())
                        .orElse(List.of()));
        return call.commit(tx -> {
            Stored<Namespace> stored = store.requireAvailable(tx, call.scope(), name);
            Namespace.Builder changed = stored.value().toBuilder();
            if (request.adminUsername() != null) {
                String user = Rules.databaseUser(request.adminUsername());
                if (principals.hasUser(tx, call.scope(), stored.value().namespaceId(), user)) {
                    throw RedshiftErrors.conflict("user %s already exists.", user);
                }
                changed.adminUsername(user);
            }
            roles.set(changed, request.hasIamRoles() ? request.iamRoles() : null, request.defaultIamRoleArn());
            Stored<Namespace> update = stored.with(changed.build());
            if (request.adminUserPassword() != null) {
                update = update.withExtra(RedshiftStore.VERIFIER, verifier(request.adminUserPassword()));
            }
            store.namespaces().update(tx, update);
            return UpdateNamespaceResponse.builder()
                    .namespace(AttachedRoles.shown(update.value()))
                    .build();
        });
    }

    DeleteNamespaceResponse delete(Call call, DeleteNamespaceRequest request) {
        String name = Rules.name("namespaceName", request.namespaceName());
        return call.commit(tx -> {
            Stored<Namespace> stored = store.requireAvailable(tx, call.scope(), name);
            var workgroup = store.workgroupOf(tx, call.scope(), name);
            if (workgroup.isPresent()) {
                throw RedshiftErrors.conflict(
                        "Namespace %s has the workgroup %s; delete that first.",
                        name, workgroup.get().name());
            }
            snapshots.requireNoneComing(tx, call.scope(), stored.value());
            if (request.finalSnapshotName() != null) {
                NamespaceUsers users = principals.copy(
                        tx,
                        call.scope(),
                        stored.value().namespaceId(),
                        stored.value().adminUsername(),
                        stored.extra().getOrDefault(RedshiftStore.VERIFIER, ""));
                snapshots.last(
                        tx,
                        call,
                        stored.value(),
                        users,
                        request.finalSnapshotName(),
                        request.finalSnapshotRetentionPeriod());
            } else if (request.finalSnapshotRetentionPeriod() != null) {
                throw RedshiftErrors.invalid("finalSnapshotRetentionPeriod needs a finalSnapshotName.");
            }
            points.removeAll(tx, call.scope(), stored.value());
            principals.removeAll(tx, call.scope(), stored.value().namespaceId());
            store.namespaces().delete(tx, stored);
            return DeleteNamespaceResponse.builder()
                    .namespace(AttachedRoles.shown(stored.value()).toBuilder()
                            .status(NamespaceStatus.DELETING)
                            .build())
                    .build();
        });
    }
}
