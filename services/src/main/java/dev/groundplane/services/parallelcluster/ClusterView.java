package dev.groundplane.services.parallelcluster;

import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.parallelcluster.SlurmClusters.Instance;
import dev.groundplane.services.parallelcluster.configuration.ClusterConfiguration;
import dev.groundplane.services.parallelcluster.configuration.ComputeResource;
import dev.groundplane.services.parallelcluster.model.ClusterInfoSummary;
import dev.groundplane.services.parallelcluster.model.ClusterInstance;
import dev.groundplane.services.parallelcluster.model.DescribeClusterResponse;
import dev.groundplane.services.parallelcluster.model.HeadNode;
import dev.groundplane.services.parallelcluster.model.NodeType;
import dev.groundplane.services.parallelcluster.model.Scheduler;
import dev.groundplane.services.parallelcluster.model.Tag;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Clusters as the API shows them. */
final class ClusterView {
    /** The version of ParallelCluster whose API this is. */
    static final String VERSION = "3.12.0";

    private ClusterView() {}

    static ClusterInfoSummary summary(Stored<HpcCluster> cluster) {
        return new ClusterInfoSummary(
                cluster.name(),
                cluster.scope().region(),
                VERSION,
                cluster.value().arn(),
                cluster.value().status().name(), // there is no stack that could be in another state
                cluster.value().status(),
                Scheduler.SLURM);
    }

    static DescribeClusterResponse of(Stored<HpcCluster> cluster, Map<String, Instance> there) {
        HpcCluster value = cluster.value();
        ClusterConfiguration configuration = Descriptions.configuration(value.configuration());
        return new DescribeClusterResponse(
                cluster.name(),
                cluster.scope().region(),
                VERSION,
                value.status(),
                value.arn(),
                value.status().name(),
                Instant.ofEpochMilli(value.created()),
                Instant.ofEpochMilli(value.updated()),
                new DescribeClusterResponse.Configuration("data:application/yaml;base64,"
                        + Base64.getEncoder()
                                .encodeToString(value.configuration().getBytes(StandardCharsets.UTF_8))),
                value.fleet(),
                Scheduler.SLURM,
                configuration.tags().entrySet().stream()
                        .map(tag -> new Tag(tag.getKey(), tag.getValue()))
                        .toList(),
                headNode(configuration, there.get(SlurmClusters.HEAD)),
                value.failures().isEmpty() ? null : value.failures());
    }

    private static @Nullable HeadNode headNode(ClusterConfiguration configuration, @Nullable Instance instance) {
        return instance == null
                ? null
                : new HeadNode(
                        instance.id(),
                        configuration.headNode().instanceType().name(),
                        instance.launched(),
                        instance.address(),
                        state(instance));
    }

    private static String state(Instance instance) {
        return instance.running() ? "running" : "pending";
    }

    static List<ClusterInstance> instances(SlurmCluster cluster, Map<String, Instance> there) {
        List<ClusterInstance> shown = new ArrayList<>();
        HeadNode head = headNode(cluster.configuration(), there.get(SlurmClusters.HEAD));
        if (head != null) {
            shown.add(new ClusterInstance(
                    head.instanceId(),
                    head.instanceType(),
                    head.launchTime(),
                    head.privateIpAddress(),
                    head.state(),
                    NodeType.HeadNode,
                    null));
        }
        for (SlurmNode node : cluster.nodes()) {
            Instance instance = there.get(node.name());
            if (instance != null) {
                ComputeResource resource = cluster.resource(node);
                shown.add(new ClusterInstance(
                        instance.id(),
                        resource.instanceType().name(),
                        instance.launched(),
                        instance.address(),
                        state(instance),
                        NodeType.ComputeNode,
                        node.queue()));
            }
        }
        return shown;
    }
}
