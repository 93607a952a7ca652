package dev.groundplane.services.ecs;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateRequest;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateResponse;

/**
 * Draining: an instance that is DRAINING takes no new tasks, and services replace theirs elsewhere; tasks of RunTask run on.
 * Source: Amazon ECS Developer Guide, "Draining Amazon ECS container instances".
 */
final class InstanceStates {
    private static final int MAX_CHANGED = 10;

    private final EcsStore store;
    private final Clusters clusters;

    InstanceStates(EcsStore store, Clusters clusters) {
        this.store = store;
        this.clusters = clusters;
    }

    /** Idempotent: an instance that is in the wanted state stays as it is. */
    UpdateContainerInstancesStateResponse update(Call call, UpdateContainerInstancesStateRequest request) {
        int count = request.containerInstances().size();
        if (count < 1 || count > MAX_CHANGED) {
            throw EcsErrors.invalidParameter("containerInstances must name 1 to %d, found %d.", MAX_CHANGED, count);
        }
        if (request.status() != ContainerInstanceStatus.ACTIVE
                && request.status() != ContainerInstanceStatus.DRAINING) {
            throw EcsErrors.invalidParameter(
                    "Container instance status should be one of [ACTIVE,DRAINING], found '%s'.",
                    request.statusAsString());
        }
        return call.commit(tx -> {
            String cluster =
                    clusters.require(tx, call.scope(), request.cluster()).name();
            List<ContainerInstance> changed = new ArrayList<>();
            List<Failure> failures = new ArrayList<>();
            for (String idOrArn : request.containerInstances()) {
                String name = EcsNames.inCluster(cluster, idOrArn);
                Optional<Stored<ContainerInstance>> stored = store.instances().find(tx, call.scope(), name);
                if (stored.isEmpty()
                        || ContainerInstances.INACTIVE.equals(
                                stored.get().value().status())) {
                    failures.add(Failure.builder()
                            .arn(call.scope().arn("ecs", "container-instance/" + name))
                            .reason(stored.isEmpty() ? "MISSING" : "INACTIVE")
                            .build());
                    continue;
                }
                ContainerInstance instance = stored.get().value();
                if (!request.statusAsString().equals(instance.status())) {
                    instance = instance.toBuilder()
                            .status(request.statusAsString())
                            .version(instance.version() + 1)
                            .build();
                    store.instances().update(tx, stored.get().with(instance));
                }
                changed.add(instance);
            }
            return UpdateContainerInstancesStateResponse.builder()
                    .containerInstances(changed)
                    .failures(failures)
                    .build();
        });
    }
}
