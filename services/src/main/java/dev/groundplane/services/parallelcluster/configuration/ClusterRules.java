package dev.groundplane.services.parallelcluster.configuration;

import dev.groundplane.services.parallelcluster.configuration.YamlNode.Mapping;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules that concern several keys. What is wrong by itself, {@link Schema} has told; it is passed over here. */
final class ClusterRules {
    private final Problems problems;

    ClusterRules(Problems problems) {
        this.problems = problems;
    }

    /** Tells all that does not fit together. */
    void check(Mapping cluster) {
        List<Mapping> queues = cluster.mapping("Scheduling").mappings("SlurmQueues");
        noNameTwice(queues, "Scheduling/SlurmQueues", "Name");
        for (int i = 0; i < queues.size(); i++) {
            List<Mapping> resources = queues.get(i).mappings("ComputeResources");
            String path = "Scheduling/SlurmQueues[" + i + "]/ComputeResources";
            noNameTwice(resources, path, "Name");
            for (int j = 0; j < resources.size(); j++) {
                checkResource(resources.get(j), path + "[" + j + "]");
            }
        }
        checkTotals(queues);
        noNameTwice(cluster.mappings("SharedStorage"), "SharedStorage", "Name");
        noNameTwice(cluster.mappings("SharedStorage"), "SharedStorage", "MountDir");
        List<Mapping> tags = cluster.mappings("Tags");
        noNameTwice(tags, "Tags", "Key");
        for (int i = 0; i < tags.size(); i++) {
            String path = "Tags[" + i + "]/Key";
            tags.get(i)
                    .text("Key")
                    .filter(key -> key.startsWith("parallelcluster:"))
                    .ifPresent(key -> problems.error(
                            path,
                            "TagKeyValidator",
                            "The tag key %s begins with 'parallelcluster:', which is reserved; choose another."
                                    .formatted(Problems.quote(key))));
        }
    }

    private void noNameTwice(List<Mapping> items, String path, String key) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            Optional<String> name = items.get(i).text(key);
            if (name.isPresent() && !seen.add(name.get())) {
                problems.error(
                        path + "[" + i + "]/" + key,
                        "DuplicateNameValidator",
                        "The %s %s comes twice; each must have one of its own."
                                .formatted(key, Problems.quote(name.get())));
            }
        }
    }

    private void checkResource(Mapping resource, String path) {
        boolean one = resource.find("InstanceType").isPresent();
        boolean several = resource.find("Instances").isPresent();
        if (one == several) {
            problems.error(
                    path,
                    Problems.SCHEMA,
                    (one ? "InstanceType and Instances are both there" : "Neither InstanceType nor Instances is there")
                            + "; exactly one of them is needed.");
        } else if (several) {
            Optional<String> first =
                    resource.mappings("Instances").stream().findFirst().flatMap(item -> item.text("InstanceType"));
            first.ifPresent(type -> problems.warning(
                    path + "/Instances",
                    Key.CHOOSES_NOTHING,
                    "All nodes are of the first instance type, %s; the others choose nothing here."
                            .formatted(Problems.quote(type))));
        }
        Optional<Integer> min = countOf(resource, "MinCount", Schema.DEFAULT_MIN_COUNT);
        Optional<Integer> max = countOf(resource, "MaxCount", Schema.DEFAULT_MAX_COUNT);
        if (min.isPresent() && max.isPresent() && min.get() > max.get()) {
            problems.error(
                    path + "/" + (resource.find("MaxCount").isPresent() ? "MaxCount" : "MinCount"),
                    "ComputeResourceSizeValidator",
                    "MaxCount %d is less than MinCount %d; it must be at least as much."
                            .formatted(max.get(), min.get()));
        }
    }

    private void checkTotals(List<Mapping> queues) {
        long resources = 0;
        long nodes = 0;
        for (Mapping queue : queues) {
            for (Mapping resource : queue.mappings("ComputeResources")) {
                resources++;
                nodes += countOf(resource, "MaxCount", Schema.DEFAULT_MAX_COUNT).orElse(0);
            }
        }
        if (resources > Schema.MOST_COMPUTE_RESOURCES) {
            problems.error(
                    "Scheduling/SlurmQueues",
                    "MaxCountValidator",
                    "The queues have %d compute resources in all; at most %d may be."
                            .formatted(resources, Schema.MOST_COMPUTE_RESOURCES));
        }
        if (nodes > Schema.MOST_NODES) {
            problems.error(
                    "Scheduling/SlurmQueues",
                    "MaxCountValidator",
                    "The compute resources' MaxCounts are %d nodes in all; at most %d may be."
                            .formatted(nodes, Schema.MOST_NODES));
        }
    }

    /** A count, or what it is when it is not there; empty when it is no number or a negative one. */
    private static Optional<Integer> countOf(Mapping resource, String key, int otherwise) {
        return resource.find(key).isEmpty()
                ? Optional.of(otherwise)
                : resource.integer(key).filter(count -> count >= 0);
    }
}
