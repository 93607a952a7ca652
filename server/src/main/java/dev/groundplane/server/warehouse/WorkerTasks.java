package dev.groundplane.server.warehouse;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.services.warehouse.Warehouse;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;

/** Workers as ECS tasks of a reserved cluster, one for each workgroup that is awake. Thread-safe. */
final class WorkerTasks {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerTasks.class);
    private static final String CLUSTER = "groundplane-warehouse";

    private final Function<Scope, EcsClient> ecs;
    private final WorkerCommand command;

    /** @param ecs on behalf of Redshift Serverless */
    WorkerTasks(Function<Scope, EcsClient> ecs, WorkerCommand command) {
        this.ecs = ecs;
        this.command = command;
    }

    /**
     * Runs the workgroup's worker unless it is running or about to. It says itself when it is ready.
     *
     * @param served asked before, while no worker is stopped
     * @return whether it was not
     * @throws WorkerUnavailable when it is not served any more, or no host can run it
     */
    synchronized boolean run(Warehouse warehouse, BooleanSupplier served) { // two first clients at once want one worker
        if (!served.getAsBoolean()) {
            throw new WorkerUnavailable("%s is not served here now; connect again".formatted(warehouse.title()));
        }
        EcsClient client = ecs.apply(warehouse.scope());
        if (!running(client, warehouse).isEmpty()) {
            return false;
        }
        client.createCluster(r -> r.clusterName(CLUSTER));
        String definition = client.registerTaskDefinition(command.definition(warehouse))
                .taskDefinition()
                .taskDefinitionArn();
        RunTaskResponse ran = client.runTask(
                r -> r.cluster(CLUSTER).taskDefinition(definition).startedBy(warehouse.namespaceId()));
        ran.failures().forEach(failure -> {
            throw new WorkerUnavailable("no host can run the worker of %s: %s of %s"
                    .formatted(warehouse.title(), failure.reason(), failure.arn()));
        });
        return true;
    }

    /**
     * Ends the workgroup's worker, if there is one; it writes down what it has first.
     *
     * @param dismissed asked before, while no worker is run; false leaves it alone
     * @return what {@code dismissed} says
     */
    synchronized boolean stop(Warehouse warehouse, BooleanSupplier dismissed) {
        if (!dismissed.getAsBoolean()) {
            return false;
        }
        EcsClient client = ecs.apply(warehouse.scope());
        for (String task : running(client, warehouse)) {
            LOG.info("{} sleeps: stopping {}", warehouse.title(), task);
            client.stopTask(r -> r.cluster(CLUSTER).task(task).reason("The workgroup is idle"));
        }
        return true;
    }

    private static List<String> running(EcsClient client, Warehouse warehouse) {
        if (client.describeClusters(r -> r.clusters(CLUSTER)).clusters().isEmpty()) {
            return List.of();
        }
        return client.listTasks(r ->
                        r.cluster(CLUSTER).startedBy(warehouse.namespaceId()).desiredStatus(DesiredStatus.RUNNING))
                .taskArns();
    }
}
