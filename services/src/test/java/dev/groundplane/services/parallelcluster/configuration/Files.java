package dev.groundplane.services.parallelcluster.configuration;

import dev.groundplane.services.parallelcluster.model.ConfigValidationMessage;
import dev.groundplane.services.parallelcluster.model.ValidationLevel;
import java.util.List;

/** Configuration files for tests. */
final class Files {
    /** As little as there may be. */
    static final String SMALLEST = """
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
                    - Name: small
                      InstanceType: c5.large
            """;

    private Files() {}

    /** The smallest file, with something else in the place of a part of it. */
    static String with(String part, String other) {
        if (!SMALLEST.contains(part)) {
            throw new IllegalArgumentException("the smallest file has no " + part);
        }
        return SMALLEST.replace(part, other);
    }

    /** The smallest file with more lines of its first level. */
    static String and(String lines) {
        return SMALLEST + lines + "\n";
    }

    /** The smallest file with a line more in its compute resource. */
    static String withResource(String line) {
        return with("          InstanceType: c5.large\n", "          InstanceType: c5.large\n          " + line + "\n");
    }

    /** The smallest file with a line more in its queue. */
    static String withQueue(String line) {
        return with("    - Name: main\n", "    - Name: main\n      " + line + "\n");
    }

    /** The smallest file with a line more in its head node. */
    static String withHeadNode(String line) {
        return with("  InstanceType: t3.micro\n", "  InstanceType: t3.micro\n  " + line + "\n");
    }

    /** The smallest file with a line in its Slurm settings. */
    static String withSlurm(String line) {
        return with("  Scheduler: slurm\n", "  Scheduler: slurm\n  SlurmSettings:\n    " + line + "\n");
    }

    /** A file's messages of a level. */
    static List<ConfigValidationMessage> messages(String yaml, ValidationLevel level) {
        return ConfigurationReader.read(yaml).messages().stream()
                .filter(message -> message.level() == level)
                .toList();
    }

    /** A file's errors, each as its path, a blank and its validator. */
    static List<String> errors(String yaml) {
        return messages(yaml, ValidationLevel.ERROR).stream()
                .map(message -> message.id() + " " + message.type())
                .toList();
    }
}
