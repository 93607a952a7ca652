package dev.groundplane.services.parallelcluster.configuration;

import dev.groundplane.services.parallelcluster.model.ConfigValidationMessage;
import java.util.List;
import java.util.Optional;

/**
 * What a configuration file says.
 *
 * @param configuration there exactly when no message is an error
 * @param messages what there is to say about the file, in its order
 */
public record Reading(Optional<ClusterConfiguration> configuration, List<ConfigValidationMessage> messages) {
    public Reading {
        messages = List.copyOf(messages);
    }
}
