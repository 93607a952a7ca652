package dev.groundplane.server.cli.pcluster;

import dev.groundplane.server.cli.pcluster.ApiClient.Answer;
import dev.groundplane.services.parallelcluster.model.NodeType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the nodes of a cluster that there are. */
@Command(
        name = "describe-cluster-instances",
        description = "Show the nodes of a cluster that there are.",
        mixinStandardHelpOptions = true)
final class DescribeClusterInstancesCommand extends ApiCommand {
    private static final List<String> COLUMNS =
            List.of("instanceId", "nodeType", "queueName", "instanceType", "privateIpAddress", "state", "launchTime");

    @Mixin
    private ClusterName cluster;

    @Option(names = "--node-type", description = "only those of this type: ${COMPLETION-CANDIDATES}")
    private @Nullable NodeType nodeType;

    @Option(names = "--queue-name", paramLabel = "QUEUE", description = "only those of this queue")
    private @Nullable String queueName;

    @Option(names = "--next-token", paramLabel = "TOKEN", description = "where the last answer ended")
    private @Nullable String nextToken;

    @Option(names = "--table", description = "for people")
    private boolean table;

    @Override
    int run(ApiClient api, Screen screen) throws InterruptedException {
        Map<String, List<String>> query = new TreeMap<>();
        if (nodeType != null) {
            query.put("nodeType", List.of(nodeType.name()));
        }
        if (queueName != null) {
            query.put("queueName", List.of(queueName));
        }
        if (nextToken != null) {
            query.put("nextToken", List.of(nextToken));
        }
        Answer answer = api.describeClusterInstances(cluster.value(), query);
        return table ? screen.showTable(answer, "instances", COLUMNS) : screen.show(answer);
    }
}
