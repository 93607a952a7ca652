package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.driver.LaunchRequest.Ulimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Limits of single processes that a container is given. */
final class Ulimits {
    /** No limits where none are asked for. */
    static final List<Ulimit> NONE = List.of();

    private static final Path OWN = Path.of("/proc/self/limits");
    /** What Podman gives both by default. */
    private static final long PODMAN_DEFAULT = 1_048_576;

    /** Podman's service lowers its own limit of processes to this. */
    private static final Path MOST_PROCESSES = Path.of("/proc/sys/kernel/pid_max");

    private static final Map<String, String> CLAMPED = Map.of("Max open files", "nofile", "Max processes", "nproc");

    private Ulimits() {}

    /**
     * The limits that Podman would raise above this process's own, at the most that this process can give: without them
     * no container starts on a host that forbids raising limits. proc(5), /proc/pid/limits.
     */
    static List<Ulimit> ofThisProcess() throws IOException {
        var limits = new ArrayList<Ulimit>();
        var processes = Long.parseLong(Files.readString(MOST_PROCESSES).strip());
        for (var line : Files.readAllLines(OWN)) {
            for (var clamped : CLAMPED.entrySet()) {
                if (line.startsWith(clamped.getKey())) {
                    var columns =
                            line.substring(clamped.getKey().length()).strip().split("\\s+");
                    var hard = columns[1].equals("unlimited") ? PODMAN_DEFAULT : Long.parseLong(columns[1]);
                    var most = clamped.getValue().equals("nproc") ? processes : PODMAN_DEFAULT;
                    var given = Math.min(hard, most);
                    limits.add(new Ulimit(clamped.getValue(), given, given));
                }
            }
        }
        return limits;
    }

    /** What a request asks for, and the defaults for the rest. */
    static List<Ulimit> of(List<Ulimit> wanted, List<Ulimit> defaults) {
        var all = new ArrayList<>(wanted);
        defaults.stream()
                .filter(one -> wanted.stream().noneMatch(other -> other.name().equals(one.name())))
                .forEach(all::add);
        return all;
    }
}
