package dev.groundplane.agent.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where the kernel counts what a container uses. See cgroups(7).
 *
 * @param unified the container's directory in the hierarchy of version 2
 * @param cpu its directory in version 1's hierarchy of the controller cpuacct
 * @param memory its directory in version 1's hierarchy of the controller memory
 */
record ProcessCgroups(Optional<Path> unified, Optional<Path> cpu, Optional<Path> memory) {
    private static final ProcessCgroups NONE = new ProcessCgroups(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * The cgroups of a process, as far as they are its container's own.
     *
     * @param own whether a path within a hierarchy is that of the container's own cgroup
     */
    static ProcessCgroups of(Path proc, long pid, Predicate<String> own) {
        try {
            var mounts = Files.readAllLines(proc.resolve("self/mounts"));
            var unified = Optional.<Path>empty();
            var cpu = Optional.<Path>empty();
            var memory = Optional.<Path>empty();
            for (var line : Files.readAllLines(proc.resolve(pid + "/cgroup"))) {
                var fields = line.split(":", 3);
                if (!own.test(fields[2])) {
                    continue;
                }
                var controllers = List.of(fields[1].split(","));
                if (fields[1].isEmpty()) {
                    unified = directory(mounts, "cgroup2", "rw", fields[2]);
                }
                if (controllers.contains("cpuacct")) {
                    cpu = directory(mounts, "cgroup", "cpuacct", fields[2]);
                }
                if (controllers.contains("memory")) {
                    memory = directory(mounts, "cgroup", "memory", fields[2]);
                }
            }
            return new ProcessCgroups(unified, cpu, memory);
        } catch (IOException ended) {
            return NONE;
        }
    }

    private static Optional<Path> directory(List<String> mounts, String type, String option, String path) {
        return mounts.stream()
                .map(line -> line.split(" "))
                .filter(fields -> fields[2].equals(type)
                        && Arrays.asList(fields[3].split(",")).contains(option))
                .map(fields -> Path.of(fields[1] + path))
                .filter(Files::isDirectory)
                .findFirst();
    }

    /** Whether nothing is counted for the container alone. */
    boolean isEmpty() {
        return equals(NONE);
    }
}
