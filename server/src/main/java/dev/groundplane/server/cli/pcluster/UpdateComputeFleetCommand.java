package dev.groundplane.server.cli.pcluster;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts or stops a cluster's compute nodes. */
@Command(
        name = "update-compute-fleet",
        description = "Start or stop a cluster's compute nodes.",
        mixinStandardHelpOptions = true)
final class UpdateComputeFleetCommand extends ApiCommand {
    /** What a fleet can be asked to do. */
    enum Request {
        START_REQUESTED,
        STOP_REQUESTED
    }

    @Mixin
    private ClusterName cluster;

    @Option(names = "--status", required = true, description = "${COMPLETION-CANDIDATES}")
    private Request status;

    @Override
    int run(ApiClient api, Screen screen) throws InterruptedException {
        return screen.show(api.updateComputeFleet(cluster.value(), status.name()));
    }
}
