package dev.groundplane.server.cli.pcluster;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows all of a cluster. */
@Command(name = "describe-cluster", description = "Show a cluster.", mixinStandardHelpOptions = true)
final class DescribeClusterCommand extends ApiCommand {
    @Mixin
    private ClusterName cluster;

    @Override
    int run(ApiClient api, Screen screen) throws InterruptedException {
        return screen.show(api.describeCluster(cluster.value()));
    }
}
