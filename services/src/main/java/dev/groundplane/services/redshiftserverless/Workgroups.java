package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.DatabasePorts;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshiftserverless.model.ConfigParameter;
import software.amazon.awssdk.services.redshiftserverless.model.CreateWorkgroupRequest;
import software.amazon.awssdk.services.redshiftserverless.model.CreateWorkgroupResponse;
import software.amazon.awssdk.services.redshiftserverless.model.DeleteWorkgroupRequest;
import software.amazon.awssdk.services.redshiftserverless.model.DeleteWorkgroupResponse;
import software.amazon.awssdk.services.redshiftserverless.model.Endpoint;
import software.amazon.awssdk.services.redshiftserverless.model.GetWorkgroupRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetWorkgroupResponse;
import software.amazon.awssdk.services.redshiftserverless.model.ListWorkgroupsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ListWorkgroupsResponse;
import software.amazon.awssdk.services.redshiftserverless.model.UpdateWorkgroupRequest;
import software.amazon.awssdk.services.redshiftserverless.model.UpdateWorkgroupResponse;
import software.amazon.awssdk.services.redshiftserverless.model.Workgroup;
import software.amazon.awssdk.services.redshiftserverless.model.WorkgroupStatus;

/** Workgroups: where clients connect, and what their queries may use. */
final class Workgroups {
    private static final int DEFAULT_CAPACITY = 8;
    private static final int LARGEST_CAPACITY = 1024;
    private static final int CAPACITY_STEP = 4;

    private static final Set<String> CREATE = Set.of(
            "workgroupName",
            "namespaceName",
            "baseCapacity",
            "port",
            "publiclyAccessible",
            "configParameters.*",
            "tags.*");

    private final RedshiftStore store;
    private final DatabasePorts ports;
    private final UsageLimits limits;
    private final String address;
    private final InstantSource clock;

    /** @param address the host name or address that clients reach this machine at */
    Workgroups(RedshiftStore store, DatabasePorts ports, UsageLimits limits, String address, InstantSource clock) {
        this.store = store;
        this.ports = ports;
        this.limits = limits;
        this.address = address;
        this.clock = clock;
    }

    CreateWorkgroupResponse create(Call call, CreateWorkgroupRequest request) {
        RedshiftErrors.checkMembers(request, CREATE);
        checkAccess(request.publiclyAccessible());
        String name = Rules.name("workgroupName", request.workgroupName());
        String namespace = Rules.name("namespaceName", request.namespaceName());
        List<ConfigParameter> parameters = ConfigParameters.changed(List.of(), request.configParameters());
        int capacity = capacity(Objects.requireNonNullElse(request.baseCapacity(), DEFAULT_CAPACITY));
        if (store.database().shared()) {
            throw RedshiftErrors.invalid("The warehouse's databases lie in one control plane's data directory, so it is"
                    + " not available where several share a database.");
        }
        return call.commit(tx -> {
            if (store.workgroups().find(tx, call.scope(), name).isPresent()) {
                throw RedshiftErrors.conflict("Workgroup %s already exists.", name);
            }
            store.requireNamespace(tx, call.scope(), namespace);
            var other = store.workgroupOf(tx, call.scope(), namespace);
            if (other.isPresent()) {
                throw RedshiftErrors.conflict(
                        "Namespace %s has the workgroup %s already.",
                        namespace, other.get().name());
            }
            String id = UUID.randomUUID().toString();
            int port = port(tx, request.port());
            Workgroup workgroup = Workgroup.builder()
                    .workgroupName(name)
                    .workgroupId(id)
                    .workgroupArn(call.scope().arn("redshift-serverless", "workgroup/" + id))
                    .namespaceName(namespace)
                    .baseCapacity(capacity)
                    .port(port)
                    .endpoint(Endpoint.builder().address(address).port(port).build())
                    .publiclyAccessible(false)
                    .configParameters(parameters)
                    .status(WorkgroupStatus.AVAILABLE)
                    .creationDate(clock.instant())
                    .build();
            store.workgroups().insert(tx, call.scope(), name, workgroup, Tags.added(Map.of(), request.tags()));
            return CreateWorkgroupResponse.builder().workgroup(workgroup).build();
        });
    }

    private static void checkAccess(@Nullable Boolean publiclyAccessible) {
        if (Boolean.TRUE.equals(publiclyAccessible)) {
            throw RedshiftErrors.invalid(
                    "publiclyAccessible true is not implemented by Groundplane: workgroups listen on loopback; leave it out.");
        }
    }

    private static int capacity(int units) {
        if (units < CAPACITY_STEP || units > LARGEST_CAPACITY || units % CAPACITY_STEP != 0) {
            throw RedshiftErrors.invalid(
                    "baseCapacity %d must be from %d to %d, in steps of %d.",
                    units, CAPACITY_STEP, LARGEST_CAPACITY, CAPACITY_STEP);
        }
        return units;
    }

    /** Takes the port that is wanted, or the first that nothing else of any account has. */
    private int port(Transaction tx, @Nullable Integer wanted) throws SQLException {
        if (wanted == null) {
            return ports.takeFirst(tx);
        }
        Optional<String> refusal = ports.take(tx, wanted);
        if (refusal.isPresent()) {
            throw RedshiftErrors.invalid("port %d %s", wanted, refusal.get());
        }
        return wanted;
    }

    GetWorkgroupResponse get(Call call, GetWorkgroupRequest request) {
        String name = Rules.name("workgroupName", request.workgroupName());
        return GetWorkgroupResponse.builder()
                .workgroup(store.workgroups()
                        .find(call.scope(), name)
                        .orElseThrow(() -> RedshiftErrors.notFound("Workgroup", name))
                        .value())
                .build();
    }

    ListWorkgroupsResponse list(Call call, ListWorkgroupsRequest request) {
        RedshiftErrors.checkMembers(request, Set.of("nextToken", "maxResults"));
        var page = store.workgroups()
                .list(call.scope(), "", Rules.after(request.nextToken()), Rules.pageSize(request.maxResults()));
        return ListWorkgroupsResponse.builder()
                .workgroups(page.items().stream().map(Stored::value).toList())
                .nextToken(Rules.token(page))
                .build();
    }

    UpdateWorkgroupResponse update(Call call, UpdateWorkgroupRequest request) {
        RedshiftErrors.checkMembers(
                request, Set.of("workgroupName", "baseCapacity", "publiclyAccessible", "configParameters.*"));
        checkAccess(request.publiclyAccessible());
        String name = Rules.name("workgroupName", request.workgroupName());
        return call.commit(tx -> {
            Stored<Workgroup> stored = store.requireWorkgroup(tx, call.scope(), name);
            Workgroup.Builder changed = stored.value().toBuilder();
            if (request.baseCapacity() != null) {
                changed.baseCapacity(capacity(request.baseCapacity()));
            }
            if (request.hasConfigParameters()) {
                changed.configParameters(
                        ConfigParameters.changed(stored.value().configParameters(), request.configParameters()));
            }
            Stored<Workgroup> update = stored.with(changed.build());
            store.workgroups().update(tx, update);
            return UpdateWorkgroupResponse.builder().workgroup(update.value()).build();
        });
    }

    DeleteWorkgroupResponse delete(Call call, DeleteWorkgroupRequest request) {
        String name = Rules.name("workgroupName", request.workgroupName());
        return call.commit(tx -> {
            Stored<Workgroup> stored = store.requireWorkgroup(tx, call.scope(), name);
            store.requireAvailable(tx, call.scope(), stored.value().namespaceName());
            store.workgroups().delete(tx, stored);
            ports.give(tx, stored.value().port());
            limits.removeAll(tx, call, stored.value().workgroupArn());
            return DeleteWorkgroupResponse.builder()
                    .workgroup(stored.value().toBuilder()
                            .status(WorkgroupStatus.DELETING)
                            .build())
                    .build();
        });
    }
}
