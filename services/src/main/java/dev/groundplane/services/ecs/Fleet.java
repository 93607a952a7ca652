package dev.groundplane.services.ecs;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;

/**
 * What all accounts' hosts and services look like to who operates the installation. Immutable; a snapshot.
 *
 * @param hosts container instances that are registered
 * @param services those that are not deleted
 * @param stoppedTasks how many tasks have stopped and are still remembered
 */
public record Fleet(List<Host> hosts, List<ServiceState> services, long stoppedTasks) {
    private static final String NAME_ATTRIBUTE = "groundplane.name";

    /**
     * A registered container instance.
     *
     * @param id the container instance's, the last part of its ARN
     * @param name for people; the id when it has none
     * @param away since when its agent is not connected; empty when it is, or never was
     */
    public record Host(
            Scope scope,
            String cluster,
            String id,
            String name,
            boolean connected,
            Optional<Instant> away,
            int runningTasks,
            int pendingTasks) {}

    /**
     * A service that is not deleted.
     *
     * @param since when its newest deployment was made
     * @param lastEvent its newest event's message; empty when there is none
     */
    public record ServiceState(
            Scope scope, String cluster, String name, int desired, int running, Instant since, String lastEvent) {
        /** Whether fewer tasks run than are wanted. */
        public boolean isShort() {
            return running < desired;
        }
    }

    static Fleet of(EcsStore store) {
        return new Fleet(
                store.instances().all().stream()
                        .filter(instance -> !ContainerInstances.INACTIVE.equals(
                                instance.value().status()))
                        .map(Fleet::host)
                        .toList(),
                store.services().all().stream()
                        .filter(service ->
                                Services.ACTIVE.equals(service.value().status()))
                        .map(service -> service(store, service))
                        .toList(),
                store.tasks().count(EcsStore.EXPIRES));
    }

    private static Host host(Stored<ContainerInstance> stored) {
        ContainerInstance instance = stored.value();
        String id = EcsNames.name(instance.containerInstanceArn());
        return new Host(
                stored.scope(),
                cluster(stored.name()),
                id.substring(id.lastIndexOf('/') + 1),
                instance.attributes().stream()
                        .filter(attribute -> attribute.name().equals(NAME_ATTRIBUTE))
                        .map(Attribute::value)
                        .findFirst()
                        .orElse(id),
                Boolean.TRUE.equals(instance.agentConnected()),
                InstanceConnectivity.disconnectedAt(stored),
                instance.runningTasksCount(),
                instance.pendingTasksCount());
    }

    private static ServiceState service(EcsStore store, Stored<Service> stored) {
        Service service = ServiceTasks.counted(store, stored.scope(), stored.value());
        return new ServiceState(
                stored.scope(),
                cluster(stored.name()),
                service.serviceName(),
                service.desiredCount(),
                service.runningCount(),
                service.deployments().stream()
                        .map(Deployment::createdAt)
                        .max(Instant::compareTo)
                        .orElse(service.createdAt()),
                service.events().stream().findFirst().map(ServiceEvent::message).orElse(""));
    }

    private static String cluster(String storedName) {
        return storedName.substring(0, storedName.indexOf('/'));
    }
}
