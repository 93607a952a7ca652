package dev.groundplane.services.ecs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;

/** What a service has to tell, newest first, in ECS's words. Source: Amazon ECS Developer Guide, "Service event messages". */
final class ServiceEvents {
    private static final int KEPT = 100;
    private static final String MORE =
            " For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

    private final String subject;
    private final Instant now;
    private final List<ServiceEvent> events;

    ServiceEvents(Service service, Instant now) {
        this.subject = "(service %s)".formatted(service.serviceName());
        this.now = now;
        this.events = new ArrayList<>(service.events());
    }

    /** With what was added, newest first. */
    List<ServiceEvent> events() {
        return events;
    }

    void started(List<String> taskIds) {
        add("has started %d tasks: %s.".formatted(taskIds.size(), tasks(taskIds)));
    }

    void stopped(List<String> taskIds) {
        add("has stopped %d running tasks: %s.".formatted(taskIds.size(), tasks(taskIds)));
    }

    private static String tasks(List<String> ids) {
        return ids.stream().map("(task %s)"::formatted).collect(Collectors.joining(" "));
    }

    void steady() {
        add("has reached a steady state.");
    }

    void completed(Deployment deployment) {
        add("(deployment %s) deployment completed.".formatted(deployment.id()));
    }

    void failed(Deployment deployment) {
        add("(deployment %s) deployment failed: tasks failed to start.".formatted(deployment.id()));
    }

    void rollingBack(Deployment deployment) {
        add("rolling back to (deployment %s).".formatted(deployment.id()));
    }

    void impaired() {
        add("is unable to consistently start tasks successfully." + MORE);
    }

    /** What keeps the service from getting further. */
    void obstacle(String why) {
        add(why);
    }

    private void add(String message) {
        events.addFirst(ServiceEvent.builder()
                .id(UUID.randomUUID().toString())
                .createdAt(now)
                .message(subject + " " + message)
                .build());
        if (events.size() > KEPT) {
            events.removeLast();
        }
    }

    /** Neither a start nor a stop is allowed. */
    static final String DEADLOCK =
            "was unable to stop or start tasks during a deployment because of the service deployment"
                    + " configuration. Update the minimumHealthyPercent or maximumPercent value and try again.";

    /**
     * Why a task could not be placed.
     *
     * @param closest the failure that says it best; null when there are no instances
     */
    static String whyUnplaced(@Nullable Failure closest) {
        String start = "was unable to place a task because no container instance met all of its requirements.";
        if (closest == null) {
            return start + " Reason: No Container Instances were found in your cluster." + MORE;
        }
        String id = EcsNames.name(closest.arn());
        String trouble = switch (closest.reason()) {
            case "RESOURCE:CPU" -> "has insufficient CPU units available.";
            case "RESOURCE:MEMORY" -> "has insufficient memory available.";
            case "RESOURCE:PORTS" -> "is already using a port required by your task.";
            case "ATTRIBUTE" -> "is missing an attribute required by your task.";
            default -> "encountered error \"%s\".".formatted(closest.reason());
        };
        return "%s The closest matching (container-instance %s) %s%s"
                .formatted(start, id.substring(id.indexOf('/') + 1), trouble, MORE);
    }
}
