package dev.groundplane.agent.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this agent reads from a container's {@link DockerConfig}.
 *
 * @param user the user to run as; null means the driver's default
 * @param workingDirectory the directory to start in; null means the driver's default
 * @param privileged whether the container asks for the host's own powers
 * @param logDriver the log driver's name; null or empty means none was configured
 * @param logOptions the log driver's options
 */
public record DockerSettings(
        @Nullable String user,
        @Nullable String workingDirectory,
        boolean privileged,
        @Nullable String logDriver,
        Map<String, String> logOptions) {

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
                text(logConfig.path("Type")),
                options);
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
