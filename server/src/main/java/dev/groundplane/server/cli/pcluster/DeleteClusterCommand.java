package dev.groundplane.server.cli.pcluster;

import dev.groundplane.server.cli.pcluster.ApiClient.Answer;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Removes a cluster with all that it has. */
@Command(name = "delete-cluster", description = "Remove a cluster.", mixinStandardHelpOptions = true)
final class DeleteClusterCommand extends ApiCommand {
    @Mixin
    private ClusterName cluster;

    @Mixin
    private WaitOption wait;

    @Override
    int run(ApiClient api, Screen screen) throws InterruptedException {
        Answer answer = api.deleteCluster(cluster.value());
        if (!wait.wanted() || !answer.ok()) {
            return screen.show(answer);
        }
        Optional<Answer> left = new ClusterWait(api, screen, WaitOption.INTERVAL).untilDeleted(cluster.value());
        screen.show(left.orElse(answer));
        return left.isEmpty() ? 0 : 1;
    }
}
