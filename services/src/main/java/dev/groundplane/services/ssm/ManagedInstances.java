package dev.groundplane.services.ssm;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Page;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.DeregisterManagedInstanceRequest;
import software.amazon.awssdk.services.ssm.model.DeregisterManagedInstanceResponse;
import software.amazon.awssdk.services.ssm.model.DescribeInstanceInformationRequest;
import software.amazon.awssdk.services.ssm.model.DescribeInstanceInformationResponse;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.PingStatus;
import software.amazon.awssdk.services.ssm.model.UpdateManagedInstanceRoleRequest;
import software.amazon.awssdk.services.ssm.model.UpdateManagedInstanceRoleResponse;

/** The machines that registered with an activation, as their operator sees them. */
final class ManagedInstances {
    /** Agents tell of themselves every two minutes: a silent one has missed two. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int LEAST_PAGE = 5;
    private static final int MAX_PAGE = 50;
    private static final int MAX_ROLE = 64;

    private final InstanceStore store;
    private final Activations activations;
    private final InstantSource clock;

    ManagedInstances(InstanceStore store, Activations activations, InstantSource clock) {
        this.store = store;
        this.activations = activations;
        this.clock = clock;
    }

    DescribeInstanceInformationResponse describe(Scope scope, DescribeInstanceInformationRequest request) {
        int limit = Members.between("maxResults", request.maxResults(), LEAST_PAGE, MAX_PAGE, MAX_PAGE);
        InstanceFilters filters = InstanceFilters.of(request);
        List<InstanceInformation> found = new ArrayList<>();
        Optional<String> next = Optional.of(Members.after(request.nextToken()));
        while (next.isPresent() && found.size() < limit) {
            Page<InstanceInformation> page = store.instances()
                    .listByIndex(
                            InstanceStore.GLOBAL,
                            InstanceStore.SCOPE,
                            InstanceStore.key(scope),
                            next.get(),
                            limit - found.size());
            for (Stored<InstanceInformation> stored : page.items()) {
                InstanceInformation shown = shown(stored.value());
                if (filters.pass(shown, stored.extra())) {
                    found.add(shown);
                }
            }
            next = page.next();
        }
        return DescribeInstanceInformationResponse.builder()
                .instanceInformationList(found)
                .nextToken(Members.token(next))
                .build();
    }

    private InstanceInformation shown(InstanceInformation instance) {
        boolean online = instance.lastPingDateTime().plus(PATIENCE).isAfter(clock.instant());
        return instance.toBuilder()
                .pingStatus(online ? PingStatus.ONLINE : PingStatus.CONNECTION_LOST)
                .build();
    }

    /** From the next call on the instance's key and its present credentials are refused. */
    DeregisterManagedInstanceResponse deregister(Call call, DeregisterManagedInstanceRequest request) {
        return call.commit(tx -> {
            Stored<InstanceInformation> instance = require(tx, call.scope(), request.instanceId());
            store.instances().delete(tx, instance);
            store.tellDeregistered(tx, call.scope(), instance.name());
            return DeregisterManagedInstanceResponse.builder().build();
        });
    }

    /** The instance's next credentials are the new role's. */
    UpdateManagedInstanceRoleResponse updateRole(Call call, UpdateManagedInstanceRoleRequest request) {
        String role = Members.required("iamRole", request.iamRole(), MAX_ROLE);
        activations.checkRole(call, role);
        return call.commit(tx -> {
            Stored<InstanceInformation> instance = require(tx, call.scope(), request.instanceId());
            store.instances()
                    .update(
                            tx,
                            instance.with(
                                    instance.value().toBuilder().iamRole(role).build()));
            return UpdateManagedInstanceRoleResponse.builder().build();
        });
    }

    private Stored<InstanceInformation> require(Transaction tx, Scope scope, @Nullable String instanceId)
            throws SQLException {
        String id = Objects.requireNonNullElse(instanceId, "");
        return store.instances()
                .find(tx, InstanceStore.GLOBAL, id)
                .filter(found -> InstanceStore.scope(found.extra()).equals(scope))
                .orElseThrow(() -> SsmErrors.invalidInstanceId(id));
    }
}
