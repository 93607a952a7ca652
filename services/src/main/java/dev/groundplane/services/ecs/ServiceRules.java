package dev.groundplane.services.ecs;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.AvailabilityZoneRebalancing;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentController;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DeploymentStrategy;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PlacementConstraint;
import software.amazon.awssdk.services.ecs.model.PlacementStrategy;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/** What a service must satisfy. Every violation is an InvalidParameterException. Source: CreateService, UpdateService. */
final class ServiceRules {
    /** AWS's quota of tasks for a service. */
    private static final int MAX_DESIRED = 5000;

    private static final int FULL = 100;

    private ServiceRules() {}

    /** Checks what can be checked without the store. */
    static void check(CreateServiceRequest request) {
        SupportedFields.check(request, SupportedFields.CREATE_SERVICE);
        String name = request.serviceName();
        if (name == null || !name.matches("[a-zA-Z0-9_-]{1,255}")) {
            throw EcsErrors.invalidParameter(
                    "serviceName '%s' must be 1 to 255 letters, digits, hyphens and underscores.", name);
        }
        if (request.taskDefinition() == null) {
            throw EcsErrors.invalidParameter("TaskDefinition can not be blank.");
        }
        if (request.launchType() == LaunchType.FARGATE || request.launchType() == LaunchType.MANAGED_INSTANCES) {
            throw EcsErrors.invalidParameter(
                    "launchType %s is not available: tasks run on registered hosts, use EXTERNAL or EC2.",
                    request.launchType());
        }
        LaunchTokens.check(request.clientToken());
        SchedulingStrategy scheduling = scheduling(request.schedulingStrategy());
        if (scheduling == SchedulingStrategy.REPLICA && request.desiredCount() == null) {
            throw EcsErrors.invalidParameter("desiredCount is required when schedulingStrategy is REPLICA.");
        }
        checkCommon(
                scheduling,
                request.desiredCount(),
                request.deploymentController(),
                request.placementConstraints(),
                request.placementStrategy(),
                request.availabilityZoneRebalancing());
        configuration(scheduling, null, request.deploymentConfiguration());
    }

    /** Checks a change of a service that is scheduled so. */
    static void check(UpdateServiceRequest request, SchedulingStrategy scheduling) {
        checkCommon(
                scheduling,
                request.desiredCount(),
                request.deploymentController(),
                request.placementConstraints(),
                request.placementStrategy(),
                request.availabilityZoneRebalancing());
    }

    private static void checkCommon(
            SchedulingStrategy scheduling,
            @Nullable Integer desired,
            @Nullable DeploymentController controller,
            List<PlacementConstraint> constraints,
            List<PlacementStrategy> strategies,
            @Nullable AvailabilityZoneRebalancing rebalancing) {
        if (desired != null && (desired < 0 || desired > MAX_DESIRED)) {
            throw EcsErrors.invalidParameter("desiredCount must be from 0 to %d, found %d.", MAX_DESIRED, desired);
        }
        if (scheduling == SchedulingStrategy.DAEMON && desired != null) {
            throw EcsErrors.invalidParameter("The daemon scheduling strategy does not support a desired count for"
                    + " services. Remove a desired count value and try again.");
        }
        if (scheduling == SchedulingStrategy.DAEMON && !strategies.isEmpty()) {
            throw EcsErrors.invalidParameter("The daemon scheduling strategy does not support placement strategies."
                    + " Remove placementStrategy and try again.");
        }
        if (controller != null && controller.type() != DeploymentControllerType.ECS) {
            throw EcsErrors.invalidParameter(
                    "deploymentController %s is not implemented by Groundplane; use ECS.", controller.typeAsString());
        }
        if (rebalancing != null && rebalancing != AvailabilityZoneRebalancing.DISABLED) {
            throw EcsErrors.invalidParameter(
                    "availabilityZoneRebalancing %s is not implemented by Groundplane; use DISABLED.", rebalancing);
        }
        PlacementConstraints.of(constraints);
        PlacementStrategies.of(strategies);
    }

    /** REPLICA when nothing is said. */
    static SchedulingStrategy scheduling(@Nullable SchedulingStrategy asked) {
        if (asked == SchedulingStrategy.UNKNOWN_TO_SDK_VERSION) {
            throw EcsErrors.invalidParameter("schedulingStrategy must be REPLICA or DAEMON.");
        }
        return Objects.requireNonNullElse(asked, SchedulingStrategy.REPLICA);
    }

    /**
     * The configuration of a service after a call.
     *
     * @param known what it had; null for a new service
     * @param asked what the call says; members that it leaves out stay as they are, or get AWS's defaults
     */
    static DeploymentConfiguration configuration(
            SchedulingStrategy scheduling,
            @Nullable DeploymentConfiguration known,
            @Nullable DeploymentConfiguration asked) {
        boolean daemon = scheduling == SchedulingStrategy.DAEMON;
        DeploymentConfiguration before = known != null
                ? known
                : DeploymentConfiguration.builder()
                        .minimumHealthyPercent(daemon ? 0 : FULL)
                        .maximumPercent(daemon ? FULL : 2 * FULL)
                        .deploymentCircuitBreaker(b -> b.enable(false).rollback(false))
                        .strategy(DeploymentStrategy.ROLLING)
                        .build();
        if (asked == null) {
            return before;
        }
        if (asked.strategy() != null && asked.strategy() != DeploymentStrategy.ROLLING) {
            throw EcsErrors.invalidParameter(
                    "deploymentConfiguration.strategy %s is not implemented by Groundplane; use ROLLING.",
                    asked.strategyAsString());
        }
        int minimum = Objects.requireNonNullElse(asked.minimumHealthyPercent(), before.minimumHealthyPercent());
        int maximum = Objects.requireNonNullElse(asked.maximumPercent(), before.maximumPercent());
        if (minimum < 0 || maximum < FULL || maximum > 2 * FULL || minimum > maximum) {
            throw EcsErrors.invalidParameter(
                    "minimumHealthyPercent must be 0 or more and maximumPercent from 100 to 200 and not below it, found %d"
                            + " and %d.",
                    minimum, maximum);
        }
        if (minimum >= FULL && maximum == FULL) {
            throw EcsErrors.invalidParameter(
                    "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.");
        }
        return before.toBuilder()
                .minimumHealthyPercent(minimum)
                .maximumPercent(maximum)
                .deploymentCircuitBreaker(
                        Objects.requireNonNullElse(asked.deploymentCircuitBreaker(), before.deploymentCircuitBreaker()))
                .build();
    }

    /** A grace period means something only where health is checked. */
    static void checkGracePeriod(@Nullable Integer seconds, TaskDefinition definition) {
        if (seconds == null || seconds == 0) {
            return;
        }
        if (seconds < 0) {
            throw EcsErrors.invalidParameter("healthCheckGracePeriodSeconds must be 0 or more, found %d.", seconds);
        }
        if (!ServiceTasks.isChecked(definition)) {
            throw EcsErrors.invalidParameter(
                    "healthCheckGracePeriodSeconds %d has no meaning: no essential container of %s has a healthCheck.",
                    seconds, definition.taskDefinitionArn());
        }
    }
}
