package dev.groundplane.services.parallelcluster.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A node that there is.
 *
 * @param queueName null for the head node
 * @param state EC2's word, for example {@code running}
 */
public record ClusterInstance(
        String instanceId,
        String instanceType,
        Instant launchTime,
        String privateIpAddress,
        String state,
        NodeType nodeType,
        @Nullable String queueName) {}
