package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.driver.LaunchRequest.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Version 1: one hierarchy per controller. See the kernel's cgroup-v1/memory.rst.
 *
 * @param cpu this agent's directory in the cpu hierarchy, where there is one
 * @param memory this agent's directory in the memory hierarchy, where there is one
 */
record CgroupV1(Optional<Path> cpu, Optional<Path> memory) implements CgroupTree {
    private static final long LEAST_SHARES = 2;

    @Override
    public void create(Scope scope, Limits task, Limits container) throws IOException {
        if (cpu.isPresent()) {
            limitCpu(Files.createDirectories(CgroupFiles.task(cpu.get(), scope)), task);
            limitCpu(Files.createDirectories(CgroupFiles.container(cpu.get(), scope)), container);
        }
        if (memory.isPresent()) {
            limitMemory(Files.createDirectories(CgroupFiles.task(memory.get(), scope)), task);
            limitMemory(Files.createDirectories(CgroupFiles.container(memory.get(), scope)), container);
        }
    }

    private static void limitCpu(Path directory, Limits limits) throws IOException {
        if (limits.cpuUnits() > 0) {
            CgroupFiles.write(
                    directory.resolve("cpu.shares"), Long.toString(Math.max(LEAST_SHARES, limits.cpuUnits())));
        }
    }

    private static void limitMemory(Path directory, Limits limits) throws IOException {
        if (limits.memoryMiB() > 0) {
            var bytes = Long.toString(limits.memoryMiB() << 20);
            CgroupFiles.write(directory.resolve("memory.limit_in_bytes"), bytes);
            var withSwap = directory.resolve("memory.memsw.limit_in_bytes");
            if (Files.exists(withSwap)) {
                CgroupFiles.write(withSwap, bytes);
            }
        }
    }

    @Override
    public List<Path> joinFiles(Scope scope) {
        return roots().map(root -> CgroupFiles.container(root, scope).resolve(CgroupFiles.MEMBERS))
                .toList();
    }

    @Override
    public boolean ranOutOfMemory(Scope scope) {
        return memory.map(root -> CgroupFiles.container(root, scope))
                .filter(directory -> CgroupFiles.counter(directory.resolve("memory.oom_control"), "oom_kill") > 0)
                .isPresent();
    }

    @Override
    public List<Long> members(Scope scope) {
        return roots().flatMap(root -> CgroupFiles.members(CgroupFiles.container(root, scope)).stream())
                .distinct()
                .toList();
    }

    @Override
    public void remove(Scope scope) {
        roots().forEach(root -> CgroupFiles.remove(root, scope));
    }

    private Stream<Path> roots() {
        return Stream.of(cpu, memory).flatMap(Optional::stream);
    }
}
