package dev.groundplane.agent.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this agent reads from a container's {@link DockerConfig}.
 *
 * @param user the user to run as; null means the driver's default
 * @param workingDirectory the directory to start in; null means the driver's default
 * @param privileged whether the container asks for the host's own powers
 * @param ulimits limits of single processes
 * @param healthCheck how to find out whether it is well; null means nobody asks
 * @param logDriver the log driver's name; null or empty means none was configured
 * @param logOptions the log driver's options
 */
public record DockerSettings(
        @Nullable String user,
        @Nullable String workingDirectory,
        boolean privileged,
        List<Ulimit> ulimits,
        @Nullable HealthCheck healthCheck,
        @Nullable String logDriver,
        Map<String, String> logOptions) {
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(30);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final int DEFAULT_RETRIES = 3;

    /** A limit of single processes, as setrlimit(2). */
    public record Ulimit(String name, long soft, long hard) {}

    /**
     * Reads a container's settings.
     *
     * @throws IllegalArgumentException when a text is not JSON, naming which
     */
    public static DockerSettings of(ContainerSpec container) {
        var dockerConfig = container.dockerConfig();
        var config = tree("dockerConfig.config", dockerConfig == null ? null : dockerConfig.config());
        var hostConfig = tree("dockerConfig.hostConfig", dockerConfig == null ? null : dockerConfig.hostConfig());
        var logConfig = hostConfig.path("LogConfig");
        var options = new LinkedHashMap<String, String>();
        logConfig
                .path("Config")
                .properties()
                .forEach(
                        option -> options.put(option.getKey(), option.getValue().asText()));
        return new DockerSettings(
                text(config.path("User")),
                text(config.path("WorkingDir")),
                hostConfig.path("Privileged").asBoolean(false),
                ulimits(hostConfig.path("Ulimits")),
                healthCheck(config.path("Healthcheck")),
                text(logConfig.path("Type")),
                options);
    }

    private static List<Ulimit> ulimits(JsonNode nodes) {
        var ulimits = new ArrayList<Ulimit>();
        for (var node : nodes) {
            ulimits.add(new Ulimit(
                    node.path("Name").asText(),
                    node.path("Soft").asLong(),
                    node.path("Hard").asLong()));
        }
        return ulimits;
    }

    /** Docker's form: the first word of the test says what the others are; times are in nanoseconds, 0 means the default. */
    private static @Nullable HealthCheck healthCheck(JsonNode node) {
        var test = new ArrayList<String>();
        node.path("Test").forEach(word -> test.add(word.asText()));
        if (test.isEmpty() || test.getFirst().equals("NONE")) {
            return null;
        }
        var kind = test.removeFirst();
        return new HealthCheck(
                kind.equals("CMD-SHELL") ? List.of("/bin/sh", "-c", String.join(" ", test)) : List.copyOf(test),
                time(node.path("Interval"), DEFAULT_INTERVAL),
                time(node.path("Timeout"), DEFAULT_TIMEOUT),
                node.path("Retries").asInt(0) == 0
                        ? DEFAULT_RETRIES
                        : node.path("Retries").asInt(),
                time(node.path("StartPeriod"), Duration.ZERO));
    }

    private static Duration time(JsonNode nanoseconds, Duration otherwise) {
        return nanoseconds.asLong(0) == 0 ? otherwise : Duration.ofNanos(nanoseconds.asLong());
    }

    private static JsonNode tree(String name, @Nullable String json) {
        if (json == null || json.isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            return Json.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(name + " is not a JSON object: " + e.getOriginalMessage(), e);
        }
    }

    private static @Nullable String text(JsonNode node) {
        var text = node.asText("");
        return text.isEmpty() ? null : text;
    }
}
