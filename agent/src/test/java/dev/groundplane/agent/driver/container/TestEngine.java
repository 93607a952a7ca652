package dev.groundplane.agent.driver.container;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.groundplane.agent.files.TaskDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An engine for tests: the one whose socket the system property {@code groundplane.test.engine} names, else a Podman of
 * the test's own, with storage of its own. It has one image, made of Debian's busybox-static; nothing is pulled.
 */
final class TestEngine implements AutoCloseable {
    static final String IMAGE = "localhost/groundplane-busybox";

    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private final Path directory;
    private final PodmanService podman;
    private final Engine engine;
    private final boolean own;

    private TestEngine(Path directory) throws IOException {
        var given = System.getProperty("groundplane.test.engine");
        this.directory = directory;
        this.own = given == null;
        var options = new ArrayList<>(List.of(
                "--root=" + directory.resolve("root"),
                "--runroot=" + directory.resolve("run"),
                "--storage-driver=vfs"));
        options.addAll(PodmanService.optionsHere());
        podman = new PodmanService(directory, options);
        engine = given == null ? podman.engine() : new Engine(Path.of(given));
    }

    /** Starts the engine; skips the test visibly where that is impossible. */
    static TestEngine start() throws IOException, InterruptedException {
        var directory = Files.createTempDirectory("groundplane-engine").toRealPath();
        var test = new TestEngine(directory);
        var present = !test.own || (test.podman.isPossible() && Files.isExecutable(BUSYBOX) && isRoot());
        if (!present) {
            var reason = "needs root, and the packages podman, runc and busybox-static";
            if ("true".equals(System.getenv("CI"))) {
                fail("in CI nothing may be missing: " + reason);
            }
            abort(reason);
        }
        test.importImage();
        return test;
    }

    private static boolean isRoot() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    }

    Engine engine() {
        return engine;
    }

    boolean isPodman() throws IOException {
        return engine.kind().podman();
    }

    /** Whether the engine can be ended by a test. */
    boolean own() {
        return own;
    }

    /** Kills the engine; the next call starts it again. */
    void kill() throws IOException {
        var pid =
                Long.parseLong(Files.readString(directory.resolve("podman/pid")).strip());
        var process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }

    private void importImage() throws IOException, InterruptedException {
        if (engine.image(IMAGE).isPresent()) {
            return;
        }
        var root = directory.resolve("image");
        for (var name : List.of("bin", "dev", "etc", "mnt", "proc", "root", "sys", "tmp")) {
            Files.createDirectories(root.resolve(name));
        }
        Files.copy(BUSYBOX, root.resolve("bin/busybox"));
        run("chmod", "1777", root.resolve("tmp").toString());
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/tmp:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nalice:x:1000:\n");
        run(BUSYBOX.toString(), "--install", "-s", root.resolve("bin").toString());
        try (var links = Files.newDirectoryStream(root.resolve("bin"), Files::isSymbolicLink)) {
            for (var link : links) {
                Files.delete(link);
                Files.createSymbolicLink(link, Path.of("busybox"));
            }
        }
        var archive = directory.resolve("image.tar");
        run("tar", "-C", root.toString(), "-cf", archive.toString(), ".");
        engine.importImage(IMAGE, Files.readAllBytes(archive));
    }

    private static void run(String... words) throws IOException, InterruptedException {
        var process = new ProcessBuilder(words).inheritIO().start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", words) + " failed");
        }
    }

    @Override
    public void close() throws IOException {
        if (own) {
            podman.end();
            ProcessHandle.allProcesses()
                    .filter(process -> commandLine(process).contains(directory.toString()))
                    .forEach(TestEngine::end);
        }
        new TaskDirectory(directory).delete();
    }

    /** Lets Podman clear up after containers; it would do so after further commands too, but five minutes later. */
    private static void end(ProcessHandle process) {
        if (commandLine(process).contains("--exec-attach")) {
            process.destroyForcibly();
        }
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
    }

    private static String commandLine(ProcessHandle process) {
        return process.info().commandLine().orElse("");
    }
}
