package dev.groundplane.services.parallelcluster.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A cluster to be made.
 *
 * @param clusterConfiguration the configuration file's text, YAML
 * @param suppressValidators validators that are not asked: {@code ALL}, or {@code type:} and a validator's class
 * @param validationFailureLevel from which level on a problem is a reason to refuse
 * @param dryrun whether it is only looked at
 * @param rollbackOnFailure whether what could not be made is removed
 */
public record CreateClusterRequest(
        @Nullable String clusterName,
        @Nullable String clusterConfiguration,
        Set<String> suppressValidators,
        ValidationLevel validationFailureLevel,
        boolean dryrun,
        boolean rollbackOnFailure) {}
