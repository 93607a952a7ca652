package dev.groundplane.services.ecs;

import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;

/** ECS's modeled exceptions, with a message. */
final class EcsErrors {
    private EcsErrors() {}

    static InvalidParameterException invalidParameter(String message, Object... values) {
        return InvalidParameterException.builder()
                .message(message.formatted(values))
                .build();
    }

    static ClientException client(String message, Object... values) {
        return ClientException.builder().message(message.formatted(values)).build();
    }

    static ClusterNotFoundException clusterNotFound() {
        return ClusterNotFoundException.builder().message("Cluster not found.").build();
    }

    static ServiceNotFoundException serviceNotFound() {
        return ServiceNotFoundException.builder().message("Service not found.").build();
    }

    static ServiceNotActiveException serviceNotActive() {
        return ServiceNotActiveException.builder()
                .message("Service was not ACTIVE.")
                .build();
    }
}
