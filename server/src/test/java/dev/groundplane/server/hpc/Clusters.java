package dev.groundplane.server.hpc;

import dev.groundplane.services.parallelcluster.SlurmCluster;
import dev.groundplane.services.parallelcluster.configuration.ConfigurationReader;
import dev.groundplane.services.parallelcluster.configuration.Reading;

/** Clusters for tests, from configuration files. */
final class Clusters {
    /** Two queues, with permanent nodes in the first. */
    static final String FILE = """
            Image: {Os: alinux2023}
            HeadNode:
              InstanceType: t3.micro
              Networking: {SubnetId: subnet-12345678}
            Scheduling:
              Scheduler: slurm
              SlurmQueues:
                - Name: main
                  Networking: {SubnetIds: [subnet-12345678]}
                  ComputeResources:
                    - {Name: small, InstanceType: c5.large, MinCount: 2, MaxCount: 6}
                    - {Name: own, InstanceType: groundplane.1x256, MinCount: 1, MaxCount: 1}
                - Name: second
                  Networking: {SubnetIds: [subnet-12345678]}
                  ComputeResources:
                    - {Name: big, InstanceType: r5.large, MaxCount: 3}
            """;

    private Clusters() {}

    /** A cluster of a file that is right. */
    static SlurmCluster of(String file) {
        Reading reading = ConfigurationReader.read(file);
        return new SlurmCluster(
                "1a2b3c4d",
                "risk",
                "/aws/parallelcluster/risk",
                700_000,
                reading.configuration()
                        .orElseThrow(() -> new IllegalArgumentException("wrong: " + reading.messages())));
    }

    /** The file with lines in the place of one that it has. */
    static String with(String line, String lines) {
        if (!FILE.contains(line)) {
            throw new IllegalArgumentException("the file has no " + line);
        }
        return FILE.replace(line, lines);
    }

    /** The file with settings of Slurm's, a line each. */
    static String withSlurm(String... settings) {
        return with(
                "  Scheduler: slurm\n",
                "  Scheduler: slurm\n  SlurmSettings:\n    " + String.join("\n    ", settings) + "\n");
    }
}
