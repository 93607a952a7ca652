package dev.groundplane.server.hpc;

import dev.groundplane.services.parallelcluster.SlurmCluster;
import dev.groundplane.services.parallelcluster.SlurmClusters;
import dev.groundplane.services.parallelcluster.SlurmNode;
import dev.groundplane.services.parallelcluster.configuration.InstanceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.LogConfiguration;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Nodes as tasks of a reserved cluster: the head node as a service, which is started again when it ends, with the control plane and
 * without it; compute nodes as tasks of their own, because Slurm says which there are. Thread-safe.
 */
final class NodeTasks {
    private static final String CLUSTER = "groundplane-hpc";
    private static final String CONTAINER = "node";
    private static final int STOP_TIMEOUT = 30;
    /** As many tasks as DescribeTasks takes. */
    private static final int AT_ONCE = 100;
    /** A head node that has ended so often before it was there will not come. */
    private static final int HOPELESS = 3;

    private final EcsClient ecs;
    private final BiConsumer<String, Runnable> watch;
    private final String region;
    private final Map<String, String> definitions = new ConcurrentHashMap<>();

    /**
     * @param watch has an action called after each change of a task of a cluster
     * @param region where the nodes' logs go
     */
    NodeTasks(EcsClient ecs, BiConsumer<String, Runnable> watch, String region) {
        this.ecs = ecs;
        this.watch = watch;
        this.region = region;
    }

    /**
     * Has a cluster's head node run.
     *
     * @param command that of a node of a name
     * @param host the managed instance that it runs on
     */
    void runHead(SlurmCluster cluster, Function<String, List<String>> command, String host) {
        Optional<Service> known = service(cluster.id());
        if (known.isEmpty()) {
            ecs.createCluster(r -> r.clusterName(CLUSTER));
            String definition = definition(
                    cluster,
                    SlurmClusters.HEAD,
                    cluster.configuration().headNode().instanceType(),
                    command);
            ecs.createService(r -> r.cluster(CLUSTER)
                    .serviceName(cluster.id())
                    .taskDefinition(definition)
                    .desiredCount(1)
                    .placementConstraints(on(host))
                    // Two head nodes cannot have one state: the old one ends first.
                    .deploymentConfiguration(c -> c.minimumHealthyPercent(0).maximumPercent(100)));
        } else if (known.get().desiredCount() != 1) {
            ecs.updateService(r -> r.cluster(CLUSTER).service(cluster.id()).desiredCount(1));
        }
    }

    /** Has an action called after each change of a node's task. */
    void onChange(Runnable action) {
        watch.accept(CLUSTER, action);
    }

    private static PlacementConstraint on(String host) {
        return PlacementConstraint.builder()
                .type("memberOf")
                .expression("ec2InstanceId == " + host)
                .build();
    }

    /** @return why there cannot be such a node now; empty when it is on its way */
    Optional<String> run(SlurmCluster cluster, SlurmNode node, Function<String, List<String>> command, String host) {
        String size = node.queue() + "-" + node.resource();
        String definition = definition(cluster, size, cluster.resource(node).instanceType(), command);
        RunTaskResponse ran = ecs.runTask(r -> r.cluster(CLUSTER)
                .taskDefinition(definition)
                .startedBy(cluster.id())
                .group(node.name())
                .placementConstraints(on(host))
                .overrides(o -> o.containerOverrides(ContainerOverride.builder()
                        .name(CONTAINER)
                        .command(command.apply(node.name()))
                        .build())));
        return ran.failures().stream()
                .findFirst()
                .map(failure -> "(Code:InsufficientInstanceCapacity)No host has room for a %s: %s"
                        .formatted(cluster.resource(node).instanceType().name(), failure.reason()));
    }

    void stop(Task task) {
        ecs.stopTask(r -> r.cluster(CLUSTER).task(task.taskArn()).reason("Slurm does not want the node"));
    }

    /** The tasks of a cluster's compute nodes that are to run, by their names. */
    Map<String, Task> nodes(String id) {
        return byNode(list(id, DesiredStatus.RUNNING));
    }

    private static Map<String, Task> byNode(List<Task> tasks) {
        return tasks.stream().collect(Collectors.toMap(Task::group, task -> task, (one, other) -> one));
    }

    /** The task of a cluster's head node, if there is one. */
    Optional<Task> head(String id) {
        return service(id)
                .flatMap(
                        service -> ofService(id, DesiredStatus.RUNNING).stream().findFirst());
    }

    private List<Task> ofService(String id, DesiredStatus desired) {
        return describe(ecs.listTasks(r -> r.cluster(CLUSTER).serviceName(id).desiredStatus(desired))
                .taskArns());
    }

    private List<Task> list(String id, DesiredStatus desired) {
        if (!hasCluster()) {
            return List.of();
        }
        return describe(
                ecs.listTasksPaginator(r -> r.cluster(CLUSTER).startedBy(id).desiredStatus(desired)).taskArns().stream()
                        .toList());
    }

    private List<Task> describe(List<String> arns) {
        return IntStream.iterate(0, from -> from < arns.size(), from -> from + AT_ONCE)
                .mapToObj(from -> arns.subList(from, Math.min(from + AT_ONCE, arns.size())))
                .flatMap(some -> ecs.describeTasks(r -> r.cluster(CLUSTER).tasks(some)).tasks().stream())
                .toList();
    }

    /** Why a head node does not come up, when it has ended again and again. */
    Optional<String> failure(SlurmCluster cluster) {
        if (service(cluster.id()).isEmpty()) {
            return Optional.empty();
        }
        List<Task> ended = ofService(cluster.id(), DesiredStatus.STOPPED);
        return ended.size() < HOPELESS
                ? Optional.empty()
                : Optional.of("The head node has ended %d times: %s. Its log is in CloudWatch Logs, group %s."
                        .formatted(ended.size(), ended.getFirst().stoppedReason(), cluster.logGroup()));
    }

    /**
     * Has all tasks of a cluster end.
     *
     * @return whether none is left
     */
    boolean stop(String id) {
        service(id)
                .filter(service -> service.desiredCount() > 0)
                .ifPresent(service ->
                        ecs.updateService(r -> r.cluster(CLUSTER).service(id).desiredCount(0)));
        nodes(id).values().forEach(this::stop);
        List<Task> left = new ArrayList<>(list(id, DesiredStatus.STOPPED));
        left.addAll(list(id, DesiredStatus.RUNNING));
        if (service(id).isPresent()) {
            Stream.of(DesiredStatus.RUNNING, DesiredStatus.STOPPED)
                    .flatMap(desired -> ofService(id, desired).stream())
                    .forEach(left::add);
        }
        return left.stream().map(Task::lastStatus).allMatch("STOPPED"::equals);
    }

    /** Removes what is left of a cluster that does not run: its service, and its task definitions, which become INACTIVE. */
    void remove(String id) {
        service(id)
                .ifPresent(found ->
                        ecs.deleteService(r -> r.cluster(CLUSTER).service(id).force(true)));
        definitions.keySet().removeIf(family -> family.startsWith(family(id, "")));
        ecs.listTaskDefinitionFamiliesPaginator(r -> r.familyPrefix(family(id, ""))).families().stream()
                .flatMap(family ->
                        ecs.listTaskDefinitionsPaginator(r -> r.familyPrefix(family)).taskDefinitionArns().stream())
                .toList()
                .forEach(definition -> ecs.deregisterTaskDefinition(r -> r.taskDefinition(definition)));
    }

    private static String family(String id, String size) {
        return "%s-%s-%s".formatted(CLUSTER, id, size);
    }

    /** Registered once in each process's life, so that it is of its release. */
    private String definition(
            SlurmCluster cluster, String size, InstanceType type, Function<String, List<String>> command) {
        return definitions.computeIfAbsent(
                family(cluster.id(), size),
                family -> ecs.registerTaskDefinition(RegisterTaskDefinitionRequest.builder()
                                .family(family)
                                .containerDefinitions(ContainerDefinition.builder()
                                        .name(CONTAINER)
                                        .image("host")
                                        .memory(Math.toIntExact(type.memoryMib()))
                                        .command(command.apply(SlurmClusters.HEAD))
                                        .stopTimeout(STOP_TIMEOUT)
                                        .logConfiguration(logs(cluster, size))
                                        .build())
                                .build())
                        .taskDefinition()
                        .taskDefinitionArn());
    }

    private LogConfiguration logs(SlurmCluster cluster, String size) {
        return LogConfiguration.builder()
                .logDriver(LogDriver.AWSLOGS)
                .options(Map.of(
                        "awslogs-group",
                        cluster.logGroup(),
                        "awslogs-region",
                        region,
                        "awslogs-stream-prefix",
                        size,
                        "awslogs-create-group",
                        "true"))
                .build();
    }

    private boolean hasCluster() {
        return !ecs.describeClusters(r -> r.clusters(CLUSTER)).clusters().isEmpty();
    }

    private Optional<Service> service(String id) {
        return hasCluster()
                ? ecs.describeServices(r -> r.cluster(CLUSTER).services(id)).services().stream()
                        .filter(service -> service.status().equals("ACTIVE"))
                        .findFirst()
                : Optional.empty();
    }
}
