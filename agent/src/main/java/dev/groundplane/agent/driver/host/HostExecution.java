package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.driver.ContainerExit;
import dev.groundplane.agent.files.ContainerDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A further command in a running container: in its namespaces and cgroups, as its user, with its environment. */
final class HostExecution {
    private static final int CANNOT_RUN = 126;

    private final ContainerDirectory directory;
    private final List<Path> joinFiles;

    /** @param joinFiles see {@link CgroupTree#joinFiles} */
    HostExecution(ContainerDirectory directory, List<Path> joinFiles) {
        this.directory = directory;
        this.joinFiles = joinFiles;
    }

    /** The isolation and the words that take on the container's user; from the second line on, {@link CommandScript#entry}. */
    static Path entryFile(ContainerDirectory container) {
        return container.path().resolve("entry");
    }

    /** Runs a command and says how it ended; kills it when the time is over. */
    int run(List<String> words, Duration limit) throws IOException, InterruptedException {
        var command = ContainerStatus.read(directory).command().filter(ProcessIdentity::isAlive);
        if (command.isEmpty()) {
            return CANNOT_RUN;
        }
        var entry = Files.readString(entryFile(directory)).split("\n", 2);
        var isolationAndUser = entry[0].split(" ", 2);
        var builder = new ProcessBuilder(
                        "/bin/sh", "-c", outside(command.get().pid(), isolationAndUser[0], isolationAndUser[1]))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        var process = builder.start();
        send(process.getOutputStream(), entry[1] + " " + ShellText.quote(words) + " </dev/null\n");
        if (process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            return process.exitValue();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        return ContainerExit.KILLED;
    }

    /** What happens with the agent's rights. */
    private String outside(long pid, String isolation, String become) {
        var script = new StringBuilder("PATH=/usr/sbin:/usr/bin:/sbin:/bin\n");
        for (var file : joinFiles) {
            script.append("echo 0 >")
                    .append(ShellText.quote(file.toString()))
                    .append(" || exit ")
                    .append(CANNOT_RUN)
                    .append('\n');
        }
        script.append("exec ");
        if (isolation.equals("namespaces")) {
            script.append("nsenter --target ").append(pid).append(" --pid --mount ");
        }
        return script.append(become).append(" /bin/sh -s").toString();
    }

    /** A command that ends before it has read everything needs no more of it. */
    private static void send(OutputStream input, String script) {
        try (input) {
            input.write(script.getBytes(StandardCharsets.UTF_8));
        } catch (IOException ended) {
            return;
        }
    }
}
