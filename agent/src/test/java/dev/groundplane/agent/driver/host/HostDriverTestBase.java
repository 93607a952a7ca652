package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.TaskDriver;
import dev.groundplane.agent.driver.TaskDriverContract;
import dev.groundplane.agent.files.ContainerDirectory;
import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.TaskDirectory;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Real processes under the host driver, with the features that a subclass chooses. */
abstract class HostDriverTestBase extends TaskDriverContract {
    /** Not JUnit's: the tasks' user must be able to pass. */
    protected Path data;

    protected Path tasks;

    @BeforeEach
    void makeDirectories() throws IOException {
        data = Files.createTempDirectory("groundplane-agent-test").toRealPath();
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx--x--x"));
        tasks = data.resolve("tasks");
        DurableFiles.ensureDirectory(tasks, "rwx--x--x");
    }

    @AfterEach
    void removeDirectories() throws IOException, InterruptedException {
        var cgroups = switch (features().cgroups()) {
            case CgroupTree.None none -> Stream.<Path>empty();
            case CgroupV1(var cpu, var memory) -> Stream.of(cpu, memory).flatMap(Optional::stream);
            case CgroupV2(var root) -> Stream.of(root);
        };
        for (var cgroup : cgroups.toList()) {
            removeCgroups(cgroup);
        }
        new TaskDirectory(data).delete();
    }

    /** The files in a cgroup's directory go with it. */
    private static void removeCgroups(Path cgroup) throws IOException {
        try (var children = Files.newDirectoryStream(cgroup, Files::isDirectory)) {
            for (var child : children) {
                removeCgroups(child);
            }
        }
        Files.delete(cgroup);
    }

    abstract HostFeatures features() throws IOException, InterruptedException;

    @Override
    protected TaskDriver newDriver() throws IOException, InterruptedException {
        // As after a restart: no supervisor has a later container to wait for.
        return new HostDriver(tasks, features(), Supervisors.open(data, 0));
    }

    ContainerDirectory directory(DriverHandle handle) {
        var parts = handle.data().split("/");
        return TaskDirectory.of(tasks, parts[0]).container(parts[1]);
    }

    @Override
    protected List<String> lines(DriverHandle handle) throws IOException {
        var log = directory(handle).log();
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    @Override
    protected void awaitLine(DriverHandle handle, String line) throws IOException, InterruptedException {
        try (var watch = FileSystems.getDefault().newWatchService()) {
            directory(handle).path().register(watch, StandardWatchEventKinds.ENTRY_MODIFY);
            while (!lines(handle).contains(line)) {
                var key = watch.take();
                key.pollEvents();
                key.reset();
            }
        }
    }
}
