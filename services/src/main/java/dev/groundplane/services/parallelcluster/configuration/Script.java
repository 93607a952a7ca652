package dev.groundplane.services.parallelcluster.configuration;

import java.util.List;

/**
 * A script of a custom action.
 *
 * @param location a URL, {@code s3} or {@code https}
 * @param arguments what it is called with
 */
public record Script(String location, List<String> arguments) {
    public Script {
        arguments = List.copyOf(arguments);
    }
}
