package dev.groundplane.agent.link;

import dev.groundplane.agent.model.Json;
import dev.groundplane.agent.task.Health;
import dev.groundplane.agent.task.HealthSink;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the control plane how containers are: everything when a connection begins, then each change, in the form of the ECS
 * agent's PublishHealthRequest. What cannot be sent is told with the next connection. Thread safe.
 */
public final class HealthReporter implements HealthSink {
    private static final Logger log = LoggerFactory.getLogger(HealthReporter.class);

    private final Map<String, Map<String, Health>> current = new ConcurrentHashMap<>();
    private @Nullable Instance instance;
    private @Nullable MessageChannel channel;

    @Override
    public synchronized void changed(String taskArn, Map<String, Health> containers) {
        current.put(taskArn, containers);
        send(Map.of(taskArn, containers));
    }

    @Override
    public void gone(String taskArn) {
        current.remove(taskArn);
    }

    /** A connection has begun. */
    synchronized void connected(Instance as, MessageChannel to) {
        instance = as;
        channel = to;
        if (!current.isEmpty()) {
            send(current);
        }
    }

    /** The connection has ended. */
    synchronized void disconnected() {
        channel = null;
    }

    private void send(Map<String, Map<String, Health>> tasks) {
        var to = channel;
        var as = instance;
        if (to == null || as == null) {
            return;
        }
        var message = Map.of(
                "metadata",
                Map.of(
                        "cluster", as.cluster(),
                        "containerInstance", as.arn(),
                        "messageId", UUID.randomUUID().toString(),
                        "fin", true),
                "tasks",
                tasks.entrySet().stream()
                        .map(task -> Map.of("taskArn", task.getKey(), "containers", containers(task.getValue())))
                        .toList());
        try {
            to.send(Json.MAPPER.writeValueAsString(Map.of("type", "PublishHealthRequest", "message", message)));
        } catch (IOException e) {
            log.debug("health is told with the next connection: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Map<String, String>> containers(Map<String, Health> containers) {
        return containers.entrySet().stream()
                .map(entry -> Map.of(
                        "containerName",
                        entry.getKey(),
                        "healthStatus",
                        entry.getValue().name()))
                .toList();
    }
}
