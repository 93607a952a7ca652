package dev.groundplane.agent.logs;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a container's output goes.
 *
 * @param region the region; null means the agent's own
 * @param group the log group
 * @param stream the log stream
 * @param createGroup whether to make the group when it is absent
 */
public record LogStreamName(@Nullable String region, String group, String stream, boolean createGroup) {

    /**
     * Reads the options of the awslogs log driver.
     *
     * @throws IllegalArgumentException when a necessary option is absent, naming it
     */
    public static LogStreamName of(Map<String, String> options) {
        return new LogStreamName(
                options.get("awslogs-region"),
                required(options, "awslogs-group"),
                required(options, "awslogs-stream"),
                "true".equalsIgnoreCase(options.get("awslogs-create-group")));
    }

    private static String required(Map<String, String> options, String name) {
        var value = options.get(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(
                    "log option %s is absent; the log driver awslogs needs it".formatted(name));
        }
        return value;
    }
}
