package dev.groundplane.agent.metadata;

import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.model.TaskSpec;
import dev.groundplane.agent.task.TaskView.ContainerView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * What containers use, in the form of Docker's {@code GET /containers/ID/stats}, read from their cgroups; nothing where they
 * have none of their own. Thread safe.
 */
public final class ContainerStats {
    private static final Path PROC = Path.of("/proc");
    private static final long NANOS_PER_MICRO = 1_000;
    /** USER_HZ is 100 on every architecture that Java runs on. */
    private static final long NANOS_PER_TICK = 10_000_000;
    /** user, nice, system, idle, iowait, irq, softirq, steal; the guests' time is in user's. */
    private static final int CPU_FIELDS = 8;

    private final Function<DriverHandle, OptionalLong> processes;
    private final InstantSource clock;

    /** @param processes the process that stands for a container, while it runs */
    public ContainerStats(Function<DriverHandle, OptionalLong> processes, InstantSource clock) {
        this.processes = processes;
        this.clock = clock;
    }

    /** The numbers of one container; empty when it does not run or nothing is counted for it alone. */
    Map<String, Object> of(TaskSpec task, ContainerView container) {
        var handle = container.handle();
        if (handle == null) {
            return Map.of();
        }
        var pid = processes.apply(handle);
        var cgroups = pid.isEmpty() ? Map.<String, Object>of() : numbers(pid.getAsLong(), task, handle);
        if (cgroups.isEmpty()) {
            return Map.of();
        }
        var stats = new LinkedHashMap<String, Object>();
        stats.put("read", clock.instant().toString());
        stats.put("name", container.spec().name());
        stats.put("id", handle.data());
        stats.putAll(cgroups);
        return stats;
    }

    /** The command of a process on the host may be in a cgroup that the process that watches it is not in. */
    private static Map<String, Object> numbers(long pid, TaskSpec task, DriverHandle handle) {
        var family = LongStream.concat(
                LongStream.of(pid),
                ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .mapToLong(ProcessHandle::pid));
        return family.mapToObj(member -> ProcessCgroups.of(
                        PROC, member, path -> path.contains(task.taskId()) || path.contains(handle.data())))
                .filter(cgroups -> !cgroups.isEmpty())
                .findFirst()
                .map(ContainerStats::numbers)
                .orElse(Map.of());
    }

    private static Map<String, Object> numbers(ProcessCgroups cgroups) {
        var stats = new LinkedHashMap<String, Object>();
        cgroups.unified().ifPresent(directory -> {
            var cpu = counters(directory.resolve("cpu.stat"));
            if (cpu.containsKey("usage_usec")) {
                stats.put(
                        "cpu_stats",
                        cpu(
                                cpu.get("usage_usec") * NANOS_PER_MICRO,
                                cpu.getOrDefault("user_usec", 0L) * NANOS_PER_MICRO,
                                cpu.getOrDefault("system_usec", 0L) * NANOS_PER_MICRO));
            }
            number(directory.resolve("memory.current"))
                    .ifPresent(usage -> stats.put("memory_stats", memory(directory, usage, "memory.max")));
        });
        cgroups.cpu().ifPresent(directory -> {
            var ticks = counters(directory.resolve("cpuacct.stat"));
            number(directory.resolve("cpuacct.usage"))
                    .ifPresent(usage -> stats.put(
                            "cpu_stats",
                            cpu(
                                    usage,
                                    ticks.getOrDefault("user", 0L) * NANOS_PER_TICK,
                                    ticks.getOrDefault("system", 0L) * NANOS_PER_TICK)));
        });
        cgroups.memory()
                .ifPresent(directory -> number(directory.resolve("memory.usage_in_bytes"))
                        .ifPresent(
                                usage -> stats.put("memory_stats", memory(directory, usage, "memory.limit_in_bytes"))));
        return stats;
    }

    private static Map<String, Object> cpu(long total, long user, long kernel) {
        return Map.of(
                "cpu_usage",
                Map.of("total_usage", total, "usage_in_usermode", user, "usage_in_kernelmode", kernel),
                "system_cpu_usage",
                hostCpu(),
                "online_cpus",
                Runtime.getRuntime().availableProcessors());
    }

    private static Map<String, Object> memory(Path directory, long usage, String limitFile) {
        var memory = new LinkedHashMap<String, Object>();
        memory.put("usage", usage);
        number(directory.resolve(limitFile)).ifPresent(limit -> memory.put("limit", limit));
        memory.put("stats", counters(directory.resolve("memory.stat")));
        return memory;
    }

    /** What all processors have spent since the host started, in nanoseconds. */
    private static long hostCpu() {
        try (var lines = Files.lines(PROC.resolve("stat"))) {
            return lines.findFirst().stream()
                            .flatMap(line ->
                                    Arrays.stream(line.split(" +")).skip(1).limit(CPU_FIELDS))
                            .mapToLong(Long::parseLong)
                            .sum()
                    * NANOS_PER_TICK;
        } catch (IOException e) {
            return 0;
        }
    }

    /** A file's only number; empty when it says {@code max}, or the container has just ended. */
    private static OptionalLong number(Path file) {
        try {
            var text = Files.readString(file).strip();
            return text.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
        } catch (IOException gone) {
            return OptionalLong.empty();
        }
    }

    /** A file's lines of a name and a number. */
    private static Map<String, Long> counters(Path file) {
        var counters = new HashMap<String, Long>();
        try (var lines = Files.lines(file)) {
            lines.map(line -> line.split(" "))
                    .filter(fields -> fields.length == 2 && fields[1].matches("[0-9]{1,18}"))
                    .forEach(fields -> counters.put(fields[0], Long.valueOf(fields[1])));
        } catch (IOException gone) {
            return Map.of();
        }
        return counters;
    }
}
