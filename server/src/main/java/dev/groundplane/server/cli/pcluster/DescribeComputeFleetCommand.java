package dev.groundplane.server.cli.pcluster;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows whether a cluster may have compute nodes. */
@Command(
        name = "describe-compute-fleet",
        description = "Show whether a cluster may have compute nodes.",
        mixinStandardHelpOptions = true)
final class DescribeComputeFleetCommand extends ApiCommand {
    @Mixin
    private ClusterName cluster;

    @Override
    int run(ApiClient api, Screen screen) throws InterruptedException {
        return screen.show(api.describeComputeFleet(cluster.value()));
    }
}
