package dev.groundplane.services.parallelcluster.model;

import org.jspecify.annotations.Nullable;

/**
 * A problem of a configuration.
 *
 * @param id where it is, for example {@code Scheduling/SlurmQueues[0]/Name}; null when it is about all
 * @param type the validator that found it
 * @param message what is wrong, with the value, and what would be right
 */
public record ConfigValidationMessage(@Nullable String id, String type, ValidationLevel level, String message) {}
