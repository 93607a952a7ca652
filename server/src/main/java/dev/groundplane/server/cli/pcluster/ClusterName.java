package dev.groundplane.server.cli.pcluster;

import picocli.CommandLine.Option;

/** The option that names a cluster. */
final class ClusterName {
    @Option(
            names = {"-n", "--cluster-name"},
            paramLabel = "NAME",
            required = true,
            description = "name of the cluster")
    private String name;

    /** The name as it was given. */
    String value() {
        return name;
    }
}
