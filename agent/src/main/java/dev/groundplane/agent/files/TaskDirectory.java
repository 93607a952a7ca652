package dev.groundplane.agent.files;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of one task.
 *
 * <pre>
 * TASK/scratch/                home and working directory of its containers
 * TASK/volumes/NAME/           scratch volumes
 * TASK/containers/NAME/        one {@link ContainerDirectory} each, closed to the tasks' user
 * </pre>
 */
public record TaskDirectory(Path path) {
    private static final Pattern SAFE_NAME = Pattern.compile("[A-Za-z0-9_-]{1,255}");
    private static final String PASSABLE = "rwx--x--x";
    private static final String CLOSED = "rwx------";

    /**
     * The directory of a task below the directory of all tasks.
     *
     * @throws IllegalArgumentException when the id could lead elsewhere
     */
    public static TaskDirectory of(Path tasks, String taskId) {
        return new TaskDirectory(tasks.resolve(requireSafe("task id", taskId)));
    }

    /** Returns a name that is safe as a file's name. */
    public static String requireSafe(String what, String name) {
        if (name == null || !SAFE_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "%s %s: use up to 255 letters, digits, hyphens and underscores".formatted(what, name));
        }
        return name;
    }

    /** Makes the directory itself. Idempotent. */
    public void create() throws IOException {
        DurableFiles.ensureDirectory(path, PASSABLE);
    }

    /** Home and working directory of the task's containers. */
    public Path scratch() {
        return path.resolve("scratch");
    }

    /** The directory of a scratch volume; its parent is made passable for the tasks' user. */
    public Path volume(String name) throws IOException {
        var volumes = path.resolve("volumes");
        DurableFiles.ensureDirectory(volumes, PASSABLE);
        return volumes.resolve(requireSafe("volume", name));
    }

    /** The directory of a container. */
    public ContainerDirectory container(String name) {
        return new ContainerDirectory(path.resolve("containers").resolve(requireSafe("container name", name)));
    }

    /** Makes a container's directory, closed to all but its owner. Idempotent. */
    public ContainerDirectory createContainer(String name) throws IOException {
        create();
        DurableFiles.ensureDirectory(path.resolve("containers"), CLOSED);
        var container = container(name);
        DurableFiles.ensureDirectory(container.path(), CLOSED);
        return container;
    }

    /** The directory of one attempt at a container; the first attempt's is the container's own. */
    public ContainerDirectory attempt(String name, int number) {
        var container = container(name);
        return number == 0 ? container : new ContainerDirectory(container.path().resolve("attempt-" + number));
    }

    /**
     * Makes the directory of an attempt, closed to all but its owner; all attempts write to the container's one log.
     * Idempotent.
     */
    public ContainerDirectory createAttempt(String name, int number) throws IOException {
        var container = createContainer(name);
        if (number == 0) {
            return container;
        }
        var attempt = attempt(name, number);
        DurableFiles.ensureDirectory(attempt.path(), CLOSED);
        if (!Files.isSymbolicLink(attempt.log())) {
            Files.createSymbolicLink(attempt.log(), container.log());
        }
        return attempt;
    }

    /** Deletes the directory with all that is in it; links are removed, not followed. */
    public void delete() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
