package dev.groundplane.server.cli.pcluster;

import picocli.CommandLine.Command;

/** Slurm clusters by hand. Source: AWS ParallelCluster User Guide, "AWS ParallelCluster CLI commands". */
@Command(
        name = "pcluster",
        description = "Make, look at and remove Slurm clusters, as AWS ParallelCluster's command does.",
        subcommands = {
            CreateClusterCommand.class,
            ListClustersCommand.class,
            DescribeClusterCommand.class,
            DeleteClusterCommand.class,
            DescribeComputeFleetCommand.class,
            UpdateComputeFleetCommand.class,
            DescribeClusterInstancesCommand.class,
            ExecCommand.class
        },
        mixinStandardHelpOptions = true)
public final class PclusterCommand {}
