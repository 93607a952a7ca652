package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.driver.LaunchRequest.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The cgroups of this agent's containers: one per task and below it one per container. Thread safe.
 *
 * <p>CPU is a share, which binds only when the processors are busy; memory is a hard limit without swap.
 */
sealed interface CgroupTree permits CgroupTree.None, CgroupV1, CgroupV2 {

    /** A container's place in the tree. */
    record Scope(String taskId, String container) {}

    /** Makes the cgroups of a container and of its task and sets their limits. Idempotent. */
    void create(Scope scope, Limits task, Limits container) throws IOException;

    /** The files to which a process writes 0 to join a container's cgroups. */
    List<Path> joinFiles(Scope scope);

    /** Whether the kernel killed a process of the container for want of memory. */
    boolean ranOutOfMemory(Scope scope);

    /** The process ids in the container's cgroup. */
    List<Long> members(Scope scope);

    /** Removes the container's cgroups, and the task's with its last container. Idempotent. */
    void remove(Scope scope);

    /** No cgroups: nothing is limited. */
    record None() implements CgroupTree {
        @Override
        public void create(Scope scope, Limits task, Limits container) {}

        @Override
        public List<Path> joinFiles(Scope scope) {
            return List.of();
        }

        @Override
        public boolean ranOutOfMemory(Scope scope) {
            return false;
        }

        @Override
        public List<Long> members(Scope scope) {
            return List.of();
        }

        @Override
        public void remove(Scope scope) {}
    }
}
