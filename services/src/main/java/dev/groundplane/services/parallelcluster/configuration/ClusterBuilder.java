package dev.groundplane.services.parallelcluster.configuration;

import dev.groundplane.services.parallelcluster.configuration.YamlNode.Mapping;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the records of a tree in which {@link Schema} and {@link ClusterRules} have found no error. */
final class ClusterBuilder {
    private ClusterBuilder() {}

    static ClusterConfiguration cluster(Mapping cluster) {
        Map<String, String> tags = new LinkedHashMap<>();
        cluster.mappings("Tags").forEach(tag -> tags.put(required(tag, "Key"), required(tag, "Value")));
        return new ClusterConfiguration(
                cluster.text("Region"),
                required(cluster.mapping("Image"), "Os"),
                headNode(cluster.mapping("HeadNode")),
                slurm(cluster),
                cluster.mappings("SharedStorage").stream()
                        .map(storage -> new SharedStorage(
                                required(storage, "Name"),
                                required(storage, "MountDir"),
                                required(storage, "StorageType")))
                        .toList(),
                tags);
    }

    private static HeadNode headNode(Mapping node) {
        return new HeadNode(
                instanceType(node, required(node, "InstanceType")), customActions(node.mapping("CustomActions")));
    }

    private static Slurm slurm(Mapping cluster) {
        Mapping scheduling = cluster.mapping("Scheduling");
        Mapping settings = scheduling.mapping("SlurmSettings");
        int idletime = settings.integer("ScaledownIdletime").orElse(Schema.DEFAULT_IDLETIME_MINUTES);
        int bootstrap = cluster.mapping("DevSettings")
                .mapping("Timeouts")
                .integer("ComputeNodeBootstrapTimeout")
                .orElse(Schema.DEFAULT_BOOTSTRAP_SECONDS);
        return new Slurm(
                idletime < 0 ? Optional.empty() : Optional.of(Duration.ofMinutes(idletime)),
                settings.isTrue("EnableMemoryBasedScheduling"),
                Duration.ofSeconds(bootstrap),
                SlurmSettings.of(settings.list("CustomSlurmSettings")),
                scheduling.mappings("SlurmQueues").stream()
                        .map(ClusterBuilder::queue)
                        .toList());
    }

    private static Queue queue(Mapping queue) {
        return new Queue(
                required(queue, "Name"),
                queue.isTrue("JobExclusiveAllocation"),
                SlurmSettings.of(List.of(queue.mapping("CustomSlurmSettings"))),
                customActions(queue.mapping("CustomActions")),
                queue.mappings("ComputeResources").stream()
                        .map(ClusterBuilder::computeResource)
                        .toList());
    }

    private static ComputeResource computeResource(Mapping resource) {
        String type = resource.text("InstanceType")
                .orElseGet(() -> required(resource.mappings("Instances").getFirst(), "InstanceType"));
        return new ComputeResource(
                required(resource, "Name"),
                instanceType(resource, type),
                resource.integer("MinCount").orElse(Schema.DEFAULT_MIN_COUNT),
                resource.integer("MaxCount").orElse(Schema.DEFAULT_MAX_COUNT),
                SlurmSettings.of(List.of(resource.mapping("CustomSlurmSettings"))));
    }

    private static InstanceType instanceType(Mapping node, String name) {
        InstanceType type = InstanceTypes.find(name).orElseThrow();
        return node.isTrue("DisableSimultaneousMultithreading") ? InstanceTypes.withoutMultithreading(type) : type;
    }

    /** The scripts of a node. {@link Schema} refuses them for now, so those of a file that is read are none. */
    static CustomActions customActions(Mapping actions) {
        return new CustomActions(
                scripts(actions.mapping("OnNodeStart")),
                scripts(actions.mapping("OnNodeConfigured")),
                scripts(actions.mapping("OnNodeUpdated")));
    }

    private static List<Script> scripts(Mapping action) {
        List<Mapping> all = action.find("Sequence").isPresent() ? action.mappings("Sequence") : List.of(action);
        return all.stream()
                .filter(script -> script.text("Script").isPresent())
                .map(script -> new Script(
                        required(script, "Script"),
                        script.list("Args").stream()
                                .flatMap(argument -> Shapes.textOf(argument).stream())
                                .toList()))
                .toList();
    }

    private static String required(Mapping mapping, String key) {
        return mapping.text(key).orElseThrow(() -> new IllegalStateException(key + " has not been checked"));
    }
}
