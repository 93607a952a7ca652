package dev.groundplane.agent;

import dev.groundplane.agent.driver.container.PullBehavior;
import dev.groundplane.agent.identity.Activation;
import dev.groundplane.agent.identity.Endpoints;
import dev.groundplane.agent.metadata.LinkLocalAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How an agent is to run.
 *
 * @param endpoints where the control plane is
 * @param region the region that calls are signed for
 * @param cluster the cluster to join
 * @param data the data directory
 * @param name the container instance's name, for people
 * @param cpus how many processors to offer; empty means all
 * @param memoryMiB how much memory to offer; empty means all
 * @param attributes attributes to add to the container instance
 * @param reservedPorts TCP ports that tasks cannot have
 * @param logBoundMiB how much output of one container may wait on the disk to be delivered
 * @param privilegedAllowed whether tasks may have the host's own powers, and host tasks other users
 * @param activation what to register this host with, should it not be registered
 * @param certificateAuthorities PEM file of those to trust for TLS; empty for the JVM's
 * @param metadataAddress where containers with networks of their own reach the metadata endpoint; empty for nowhere
 * @param taskEndpoint where tasks with a role call AWS APIs, asked for each; empty for AWS itself
 * @param containerEngine the container engine's URL, or {@code none}; null means the one that is found
 * @param pullBehavior when images are pulled
 */
record AgentSettings(
        Endpoints endpoints,
        String region,
        String cluster,
        Path data,
        String name,
        OptionalInt cpus,
        OptionalInt memoryMiB,
        Map<String, String> attributes,
        List<Integer> reservedPorts,
        long logBoundMiB,
        boolean privilegedAllowed,
        Optional<Activation> activation,
        Optional<Path> certificateAuthorities,
        Optional<LinkLocalAddress> metadataAddress,
        Supplier<Optional<URI>> taskEndpoint,
        @Nullable String containerEngine,
        PullBehavior pullBehavior) {}
