package dev.groundplane.server.cli.pcluster;

import dev.groundplane.server.cli.pcluster.ApiClient.Answer;
import dev.groundplane.services.parallelcluster.model.ClusterStatus;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the clusters of the account and region. */
@Command(name = "list-clusters", description = "Show the clusters.", mixinStandardHelpOptions = true)
final class ListClustersCommand extends ApiCommand {
    private static final List<String> COLUMNS = List.of("clusterName", "clusterStatus", "region", "version");

    @Option(
            names = "--cluster-status",
            arity = "1..*",
            paramLabel = "STATUS",
            description = "only those that are so: ${COMPLETION-CANDIDATES}")
    private List<ClusterStatus> statuses = List.of();

    @Option(names = "--next-token", paramLabel = "TOKEN", description = "where the last answer ended")
    private @Nullable String nextToken;

    @Option(names = "--table", description = "for people")
    private boolean table;

    @Override
    int run(ApiClient api, Screen screen) throws InterruptedException {
        Map<String, List<String>> query = new TreeMap<>();
        query.put("clusterStatus", statuses.stream().map(ClusterStatus::name).toList());
        if (nextToken != null) {
            query.put("nextToken", List.of(nextToken));
        }
        Answer answer = api.listClusters(query);
        return table ? screen.showTable(answer, "clusters", COLUMNS) : screen.show(answer);
    }
}
