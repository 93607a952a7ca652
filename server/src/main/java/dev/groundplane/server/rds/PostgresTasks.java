package dev.groundplane.server.rds;

import dev.groundplane.services.rds.DatabaseServer;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.LogConfiguration;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Servers as ECS services of one task each in a reserved cluster: a server that ends is started again, with the control plane and
 * without it. Thread-safe.
 */
final class PostgresTasks {
    private static final String CLUSTER = "groundplane-rds";
    private static final long MIB = 1024 * 1024;
    private static final int SHARE = 8;
    private static final int LEAST_MIB = 256;
    /** For how long a server may write down what it has, in seconds. */
    private static final int STOP_TIMEOUT = 120;

    private final EcsClient ecs;
    private final String region;

    /** @param region where the servers' logs go */
    PostgresTasks(EcsClient ecs, String region) {
        this.ecs = ecs;
        this.region = region;
    }

    /** What a server gets: what its class has, if the machine can spare that for one of many. */
    static long memoryMib(DatabaseServer server) {
        long host = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getTotalMemorySize()
                / MIB;
        return Math.max(LEAST_MIB, Math.min(server.memoryMib(), host / SHARE));
    }

    /**
     * Has a server's task run.
     *
     * @param words the command
     * @param host the managed instance that it runs on
     */
    void run(DatabaseServer server, List<String> words, String host) {
        Optional<Service> known = service(server.id());
        RegisterTaskDefinitionRequest definition = definition(server, words);
        PlacementConstraint constraint = PlacementConstraint.builder()
                .type("memberOf")
                .expression("ec2InstanceId == " + host)
                .build();
        if (known.isEmpty()) {
            ecs.createCluster(r -> r.clusterName(CLUSTER));
            String made = register(definition);
            ecs.createService(r -> r.cluster(CLUSTER)
                    .serviceName(server.id())
                    .taskDefinition(made)
                    .desiredCount(1)
                    .placementConstraints(constraint)
                    // Two servers cannot have one directory: the old one ends first.
                    .deploymentConfiguration(c -> c.minimumHealthyPercent(0).maximumPercent(100)));
            return;
        }
        String current = known.get().taskDefinition();
        boolean same = isSame(current, definition);
        if (!same
                || known.get().desiredCount() != 1
                || !known.get().placementConstraints().equals(List.of(constraint))) {
            String wanted = same ? current : register(definition);
            ecs.updateService(r -> r.cluster(CLUSTER)
                    .service(server.id())
                    .taskDefinition(wanted)
                    .desiredCount(1)
                    .placementConstraints(constraint));
        }
    }

    private String register(RegisterTaskDefinitionRequest definition) {
        return ecs.registerTaskDefinition(definition).taskDefinition().taskDefinitionArn();
    }

    private boolean isSame(String current, RegisterTaskDefinitionRequest wanted) {
        ContainerDefinition has = ecs.describeTaskDefinition(r -> r.taskDefinition(current))
                .taskDefinition()
                .containerDefinitions()
                .getFirst();
        ContainerDefinition wants = wanted.containerDefinitions().getFirst();
        return has.command().equals(wants.command()) && has.memory().equals(wants.memory());
    }

    private RegisterTaskDefinitionRequest definition(DatabaseServer server, List<String> words) {
        return RegisterTaskDefinitionRequest.builder()
                .family(family(server.id()))
                .containerDefinitions(ContainerDefinition.builder()
                        .name("postgres")
                        .image("host")
                        .memory(Math.toIntExact(memoryMib(server)))
                        .command(words)
                        .stopTimeout(STOP_TIMEOUT)
                        .logConfiguration(logs(server))
                        .build())
                .build();
    }

    private LogConfiguration logs(DatabaseServer server) {
        return LogConfiguration.builder()
                .logDriver(LogDriver.AWSLOGS)
                .options(Map.of(
                        "awslogs-group",
                        "/aws/rds/cluster/%s/postgresql".formatted(server.cluster()),
                        "awslogs-region",
                        region,
                        "awslogs-stream-prefix",
                        server.id(),
                        "awslogs-create-group",
                        "true"))
                .build();
    }

    /**
     * Has a server's task end.
     *
     * @return whether none is left
     */
    boolean stop(String id) {
        Optional<Service> service = service(id);
        if (service.isEmpty()) {
            return true;
        }
        if (service.get().desiredCount() > 0) {
            ecs.updateService(r -> r.cluster(CLUSTER).service(id).desiredCount(0));
        }
        return List.of(DesiredStatus.RUNNING, DesiredStatus.STOPPED).stream()
                .map(desired -> ecs.listTasks(
                                r -> r.cluster(CLUSTER).serviceName(id).desiredStatus(desired))
                        .taskArns())
                .filter(tasks -> !tasks.isEmpty())
                .flatMap(tasks -> ecs.describeTasks(r -> r.cluster(CLUSTER).tasks(tasks)).tasks().stream())
                .map(Task::lastStatus)
                .allMatch("STOPPED"::equals);
    }

    /** Removes what is left of a server that does not run: its service, and its task definition, of which all revisions become INACTIVE. */
    void remove(String id) {
        service(id)
                .ifPresent(found ->
                        ecs.deleteService(r -> r.cluster(CLUSTER).service(id).force(true)));
        ecs.listTaskDefinitionsPaginator(r -> r.familyPrefix(family(id))).taskDefinitionArns().stream()
                .toList()
                .forEach(definition -> ecs.deregisterTaskDefinition(r -> r.taskDefinition(definition)));
    }

    private static String family(String id) {
        return CLUSTER + "-" + id;
    }

    private Optional<Service> service(String id) {
        if (ecs.describeClusters(r -> r.clusters(CLUSTER)).clusters().isEmpty()) {
            return Optional.empty();
        }
        return ecs.describeServices(r -> r.cluster(CLUSTER).services(id)).services().stream()
                .filter(service -> service.status().equals("ACTIVE"))
                .findFirst();
    }
}
