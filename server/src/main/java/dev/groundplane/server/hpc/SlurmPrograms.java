package dev.groundplane.server.hpc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The programs that nodes are made of, which the host has. */
final class SlurmPrograms {
    private static final List<Path> PLACES = Stream.of(
                    "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
            .map(Path::of)
            .toList();

    /** By the Debian package that has it. */
    private static final Map<String, String> PROGRAMS = Map.of(
            "slurmctld", "slurmctld",
            "slurmd", "slurmd",
            "slurm-client", "sinfo",
            "munge", "munged",
            "iproute2", "ip",
            "util-linux", "nsenter",
            "curl", "curl");

    private SlurmPrograms() {}

    /** What is missing, as sentences; empty when nothing is. */
    static List<String> missing() {
        if (!System.getProperty("user.name").equals("root")) {
            return List.of(
                    "Clusters need the rights of root, which this installation was not started with: nodes are namespaces.");
        }
        List<String> packages = PROGRAMS.entrySet().stream()
                .filter(program ->
                        PLACES.stream().noneMatch(place -> Files.isExecutable(place.resolve(program.getValue()))))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return packages.isEmpty()
                ? List.of()
                : List.of(
                        "Clusters need programs that this machine does not have; on Debian and Ubuntu: apt-get install %s"
                                .formatted(packages.stream().collect(Collectors.joining(" "))));
    }
}
