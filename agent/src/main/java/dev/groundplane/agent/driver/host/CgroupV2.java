package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.driver.LaunchRequest.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Version 2: one hierarchy for all controllers. See the kernel's cgroup-v2.rst.
 *
 * @param root this agent's directory in the hierarchy, with the controllers cpu and memory enabled for its children
 */
record CgroupV2(Path root) implements CgroupTree {
    static final String ENABLE_CONTROLLERS = "+cpu +memory";
    static final String SUBTREE_CONTROL = "cgroup.subtree_control";

    @Override
    public void create(Scope scope, Limits task, Limits container) throws IOException {
        var taskDirectory = Files.createDirectories(CgroupFiles.task(root, scope));
        CgroupFiles.write(taskDirectory.resolve(SUBTREE_CONTROL), ENABLE_CONTROLLERS);
        limit(taskDirectory, task);
        limit(Files.createDirectories(CgroupFiles.container(root, scope)), container);
    }

    private static void limit(Path directory, Limits limits) throws IOException {
        if (limits.cpuUnits() > 0) {
            CgroupFiles.write(directory.resolve("cpu.weight"), Long.toString(weight(limits.cpuUnits())));
        }
        if (limits.memoryMiB() > 0) {
            CgroupFiles.write(directory.resolve("memory.max"), Long.toString(limits.memoryMiB() << 20));
            var swap = directory.resolve("memory.swap.max");
            if (Files.exists(swap)) {
                CgroupFiles.write(swap, "0");
            }
        }
    }

    /** The shares 2 to 262144 of version 1 laid over the weights 1 to 10000, so that 1024 becomes 39. */
    static long weight(long cpuUnits) {
        var shares = Math.clamp(cpuUnits, 2L, 262_144L);
        return 1 + (shares - 2) * 9_999 / 262_142;
    }

    @Override
    public List<Path> joinFiles(Scope scope) {
        return List.of(CgroupFiles.container(root, scope).resolve(CgroupFiles.MEMBERS));
    }

    @Override
    public boolean ranOutOfMemory(Scope scope) {
        return CgroupFiles.counter(CgroupFiles.container(root, scope).resolve("memory.events"), "oom_kill") > 0;
    }

    @Override
    public List<Long> members(Scope scope) {
        return CgroupFiles.members(CgroupFiles.container(root, scope));
    }

    @Override
    public void remove(Scope scope) {
        CgroupFiles.remove(root, scope);
    }
}
