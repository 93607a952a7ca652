package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.driver.host.CgroupTree.Scope;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and writes the control files that both versions of cgroups have in common. */
final class CgroupFiles {
    private static final Logger log = LoggerFactory.getLogger(CgroupFiles.class);
    static final String MEMBERS = "cgroup.procs";

    private CgroupFiles() {}

    static Path task(Path root, Scope scope) {
        return root.resolve(scope.taskId());
    }

    static Path container(Path root, Scope scope) {
        return task(root, scope).resolve(scope.container());
    }

    /** Control files exist already and cannot be truncated. */
    static void write(Path file, String value) throws IOException {
        Files.writeString(file, value, StandardOpenOption.WRITE);
    }

    /** The number after a key in a file of "key number" lines; 0 when there is none. */
    static long counter(Path file, String key) {
        try {
            for (var line : Files.readAllLines(file)) {
                if (line.startsWith(key + " ")) {
                    return Long.parseLong(line.substring(key.length() + 1).strip());
                }
            }
        } catch (IOException e) {
            log.debug("cannot read {}", file, e);
        }
        return 0;
    }

    static List<Long> members(Path directory) {
        try {
            return Files.readAllLines(directory.resolve(MEMBERS)).stream()
                    .map(Long::valueOf)
                    .toList();
        } catch (NoSuchFileException removed) {
            return List.of();
        } catch (IOException e) {
            log.debug("cannot read the members of {}", directory, e);
            return List.of();
        }
    }

    static void remove(Path root, Scope scope) {
        removeDirectory(container(root, scope));
        removeDirectory(task(root, scope));
    }

    private static void removeDirectory(Path directory) {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException othersRemain) {
            log.trace("{} is still in use", directory);
        } catch (IOException e) {
            // A task's cgroup is busy as long as it has other containers.
            log.debug("cannot remove the cgroup {}: {}", directory, e.toString());
        }
    }
}
