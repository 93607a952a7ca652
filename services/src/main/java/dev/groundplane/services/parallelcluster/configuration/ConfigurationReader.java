package dev.groundplane.services.parallelcluster.configuration;

import dev.groundplane.services.parallelcluster.configuration.YamlNode.Mapping;
import java.util.Map;
import java.util.Optional;

/**
 * Reads ParallelCluster's cluster configuration file, version 3. What its keys are and do is
 * <a href="https://docs.aws.amazon.com/parallelcluster/latest/ug/cluster-configuration-file-v3.html">AWS's documentation</a>.
 */
public final class ConfigurationReader {
    private ConfigurationReader() {}

    /**
     * Reads and checks a file. Never throws, whatever the text is.
     *
     * @param yaml the file's text: YAML 1.2, 64 KiB at most, without tags, values nested 32 deep at most
     * @return all problems at once, with the path of each; a text that is no YAML has one
     */
    public static Reading read(String yaml) {
        Problems problems = new Problems();
        Optional<ClusterConfiguration> configuration = Optional.empty();
        try {
            YamlNode root = YamlTree.parse(yaml).orElseGet(() -> new Mapping(Map.of(), 1));
            Schema.CLUSTER.check(root, "", problems);
            if (root instanceof Mapping cluster) {
                new ClusterRules(problems).check(cluster);
                if (!problems.hasErrors()) {
                    configuration = Optional.of(ClusterBuilder.cluster(cluster));
                }
            }
        } catch (YamlSyntaxException e) {
            problems.error("", "YamlSyntaxValidator", "The configuration is not valid YAML: " + e.getMessage() + ".");
        }
        return new Reading(configuration, problems.messages());
    }
}
