package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.model.ContainerSpec;
import dev.groundplane.agent.secrets.ObjectReference;
import dev.groundplane.agent.secrets.Retrieval;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches a container's environment files before it starts. A variable of the container's definition wins over one of the
 * same name in a file, and an earlier file over a later one. Source: ECS Developer Guide, "Pass environment variables to an
 * Amazon ECS container".
 */
final class EnvironmentFilesHook implements ContainerHook {
    private static final Logger log = LoggerFactory.getLogger(EnvironmentFilesHook.class);
    private static final String S3 = "s3";

    private final ContainerSpec container;
    private final Retrieval retrieval;

    EnvironmentFilesHook(ContainerSpec container, Retrieval retrieval) {
        this.container = container;
        this.retrieval = retrieval;
    }

    @Override
    public LaunchRequest beforeStart(LaunchRequest request) throws StartFailure, InterruptedException {
        if (container.environmentFiles().isEmpty()) {
            return request;
        }
        var variables = new LinkedHashMap<String, String>();
        for (var file : container.environmentFiles()) {
            var what = "failed to download env files: " + file.value();
            if (!file.type().equals(S3)) {
                throw Retrieval.failure(what, "unknown type %s".formatted(file.type()));
            }
            var object = ObjectReference.parse(file.value());
            var region = retrieval.region(null);
            var text = retrieval.get(what, (source, credentials) -> source.object(region, object, credentials));
            variables(file.value(), text).forEach(variables::putIfAbsent);
        }
        variables.keySet().removeAll(container.environment().keySet());
        return request.withEnvironment(variables);
    }

    @Override
    public void cancel() {
        retrieval.cancel();
    }

    /** Spaces and quotation marks are part of a value. What is no variable is left out, as ECS does. */
    static Map<String, String> variables(String file, String text) {
        var variables = new LinkedHashMap<String, String>();
        var number = 0;
        for (var line : text.split("\\R")) {
            number++;
            var equals = line.indexOf('=');
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (equals < 1 || equals == line.length() - 1) {
                // The line itself may hold a value that nobody else is to see.
                log.warn("line {} of {} is left out: it is not VARIABLE=VALUE", number, file);
                continue;
            }
            variables.putIfAbsent(line.substring(0, equals), line.substring(equals + 1));
        }
        return variables;
    }
}
