package dev.groundplane.services.ecs;

import dev.groundplane.wire.FieldPaths;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.core.SdkPojo;

/** Which request members this service acts on. Any other that is set is refused by name: nothing is ignored silently. */
final class SupportedFields {
    static final Set<String> CREATE_CLUSTER = Set.of("clusterName", "tags.*");

    static final Set<String> REGISTER_TASK_DEFINITION = Set.of(
            "family",
            "networkMode",
            "requiresCompatibilities",
            "cpu",
            "memory",
            "taskRoleArn",
            "executionRoleArn",
            "tags.*",
            "volumes",
            "volumes.name",
            "volumes.host.*",
            "placementConstraints.*",
            "containerDefinitions",
            "containerDefinitions.name",
            "containerDefinitions.image",
            "containerDefinitions.command",
            "containerDefinitions.entryPoint",
            "containerDefinitions.environment.*",
            "containerDefinitions.environmentFiles.*",
            "containerDefinitions.cpu",
            "containerDefinitions.memory",
            "containerDefinitions.memoryReservation",
            "containerDefinitions.essential",
            "containerDefinitions.dependsOn.*",
            "containerDefinitions.startTimeout",
            "containerDefinitions.stopTimeout",
            "containerDefinitions.portMappings",
            "containerDefinitions.portMappings.containerPort",
            "containerDefinitions.portMappings.hostPort",
            "containerDefinitions.portMappings.protocol",
            "containerDefinitions.mountPoints.*",
            "containerDefinitions.user",
            "containerDefinitions.workingDirectory",
            "containerDefinitions.restartPolicy.*",
            "containerDefinitions.healthCheck.*",
            "containerDefinitions.secrets.*",
            "containerDefinitions.repositoryCredentials.*",
            "containerDefinitions.ulimits.*",
            "containerDefinitions.privileged",
            "containerDefinitions.readonlyRootFilesystem",
            "containerDefinitions.linuxParameters",
            "containerDefinitions.linuxParameters.capabilities.*",
            "containerDefinitions.linuxParameters.devices.*",
            "containerDefinitions.linuxParameters.initProcessEnabled",
            "containerDefinitions.linuxParameters.sharedMemorySize",
            "containerDefinitions.linuxParameters.tmpfs.*",
            "containerDefinitions.dockerLabels",
            "containerDefinitions.dockerSecurityOptions",
            "containerDefinitions.hostname",
            "containerDefinitions.dnsServers",
            "containerDefinitions.dnsSearchDomains",
            "containerDefinitions.extraHosts.*",
            "containerDefinitions.systemControls.*",
            "containerDefinitions.disableNetworking",
            "containerDefinitions.logConfiguration",
            "containerDefinitions.logConfiguration.logDriver",
            "containerDefinitions.logConfiguration.options");

    private static final Set<String> LAUNCH = Set.of(
            "cluster",
            "taskDefinition",
            "startedBy",
            "group",
            "tags.*",
            "propagateTags",
            "enableECSManagedTags",
            "referenceId",
            "overrides",
            "overrides.cpu",
            "overrides.memory",
            "overrides.taskRoleArn",
            "overrides.executionRoleArn",
            "overrides.containerOverrides",
            "overrides.containerOverrides.name",
            "overrides.containerOverrides.command",
            "overrides.containerOverrides.environment.*",
            "overrides.containerOverrides.environmentFiles.*",
            "overrides.containerOverrides.cpu",
            "overrides.containerOverrides.memory",
            "overrides.containerOverrides.memoryReservation");

    static final Set<String> RUN_TASK = union(
            LAUNCH, Set.of("count", "launchType", "clientToken", "placementConstraints.*", "placementStrategy.*"));
    static final Set<String> START_TASK = union(LAUNCH, Set.of("containerInstances"));

    private static final Set<String> SERVICE = Set.of(
            "cluster",
            "taskDefinition",
            "desiredCount",
            "deploymentConfiguration",
            "deploymentConfiguration.maximumPercent",
            "deploymentConfiguration.minimumHealthyPercent",
            "deploymentConfiguration.deploymentCircuitBreaker.*",
            "deploymentConfiguration.strategy",
            "deploymentController.*",
            "placementConstraints.*",
            "placementStrategy.*",
            "healthCheckGracePeriodSeconds",
            "availabilityZoneRebalancing",
            "enableECSManagedTags",
            "propagateTags");

    static final Set<String> CREATE_SERVICE =
            union(SERVICE, Set.of("serviceName", "clientToken", "launchType", "schedulingStrategy", "tags.*"));
    static final Set<String> UPDATE_SERVICE = union(SERVICE, Set.of("service", "forceNewDeployment"));
    static final Set<String> LIST_SERVICES =
            Set.of("cluster", "nextToken", "maxResults", "launchType", "schedulingStrategy");

    static final Set<String> REGISTER_CONTAINER_INSTANCE = Set.of(
            "cluster",
            "instanceIdentityDocument",
            "instanceIdentityDocumentSignature",
            "totalResources.*",
            "versionInfo.*",
            "containerInstanceArn",
            "attributes.*",
            "tags.*");

    static final Set<String> LIST_TASKS = Set.of(
            "cluster",
            "containerInstance",
            "family",
            "nextToken",
            "maxResults",
            "startedBy",
            "serviceName",
            "desiredStatus",
            "launchType");

    static final Set<String> LIST_CONTAINER_INSTANCES =
            Set.of("cluster", "nextToken", "maxResults", "status", "filter");

    private SupportedFields() {}

    /** @throws software.amazon.awssdk.services.ecs.model.InvalidParameterException naming the first other member */
    static void check(SdkPojo request, Set<String> supported) {
        FieldPaths.unsupported(request, supported).ifPresent(path -> {
            throw EcsErrors.invalidParameter("%s is not implemented by Groundplane; leave it out.", path);
        });
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new TreeSet<>(one);
        all.addAll(other);
        return Set.copyOf(all);
    }
}
