package dev.groundplane.agent.metadata;

import dev.groundplane.agent.driver.Drivers;
import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.model.ContainerSpec;
import dev.groundplane.agent.model.TaskSpec;
import dev.groundplane.agent.task.ContainerHook;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells a container by its environment where its metadata and the credentials of its task's role are, so that SDKs find them
 * by themselves. What the user set stays.
 */
public final class MetadataHook implements ContainerHook {
    private static final String FULL_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    private static final String RELATIVE_URI = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
    private static final String KEY = "AWS_ACCESS_KEY_ID";
    private static final String ENDPOINT = "AWS_ENDPOINT_URL";
    private static final String AUTHORITIES = "AWS_CA_BUNDLE";
    private static final String REGION = "AWS_REGION";
    private static final String DEFAULT_REGION = "AWS_DEFAULT_REGION";

    private final MetadataEndpoint endpoint;
    private final Surroundings surroundings;
    private final TaskSpec task;
    private final ContainerSpec container;

    /**
     * What all containers are told.
     *
     * @param region the region of this agent
     * @param awsEndpoint where containers that call AWS APIs with their task's role are to call them, asked for
     *     each; empty for AWS itself
     * @param authorities whom to trust there, as a PEM file of this host; empty for whom is trusted anyhow
     */
    public record Surroundings(String region, Supplier<Optional<URI>> awsEndpoint, Optional<Path> authorities) {}

    /** A hook for one container. */
    public MetadataHook(MetadataEndpoint endpoint, Surroundings surroundings, TaskSpec task, ContainerSpec container) {
        this.endpoint = endpoint;
        this.surroundings = surroundings;
        this.task = task;
        this.container = container;
    }

    @Override
    public LaunchRequest beforeStart(LaunchRequest request) {
        return request.withEnvironment(variables(request.program().environment().keySet()));
    }

    /** A container that was started by a former agent process asks where that one listened. */
    @Override
    public void running() {
        base();
    }

    private Optional<URI> base() {
        return switch (NetworkModes.of(task, container)) {
            case NetworkModes.HOST -> Optional.of(endpoint.forHost());
            case NetworkModes.NONE -> Optional.empty();
            default -> endpoint.forContainers();
        };
    }

    private Map<String, String> variables(Collection<String> taken) {
        var variables = new LinkedHashMap<String, String>();
        variables.put("AWS_EXECUTION_ENV", "AWS_ECS_EXTERNAL");
        if (!taken.contains(REGION) && !taken.contains(DEFAULT_REGION)) {
            variables.put(REGION, surroundings.region());
            variables.put(DEFAULT_REGION, surroundings.region());
        }
        base().ifPresent(base -> {
            var id = endpoint.ids().container(task.arn(), container.name());
            variables.put("ECS_CONTAINER_METADATA_URI_V4", base + "/v4/" + id);
            variables.put("ECS_AGENT_URI", base + "/api/" + id);
            if (task.taskRoleArn() != null && !taken.contains(RELATIVE_URI)) {
                variables.put(
                        FULL_URI, base + "/v2/credentials/" + endpoint.ids().credentials(task.arn()));
            }
        });
        // Keys that the user brought are not this installation's: they are for wherever the user means.
        if (task.taskRoleArn() != null && !taken.contains(KEY)) {
            surroundings.awsEndpoint().get().ifPresent(url -> variables.put(ENDPOINT, url.toString()));
            if (container.image().equals(Drivers.HOST)) { // containers of images do not see this host's files
                surroundings.authorities().ifPresent(file -> variables.put(AUTHORITIES, file.toString()));
            }
        }
        variables.keySet().removeAll(taken);
        return variables;
    }
}
