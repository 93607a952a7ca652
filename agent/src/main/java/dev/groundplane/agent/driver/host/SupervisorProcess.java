package dev.groundplane.agent.driver.host;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that runs the supervisor script. */
final class SupervisorProcess {
    private static final Logger log = LoggerFactory.getLogger(SupervisorProcess.class);

    private final OutputStream requests;
    private final AtomicReference<Runnable> onExit = new AtomicReference<>(SupervisorProcess::nothing);
    private volatile boolean ended;

    private SupervisorProcess(Process process) {
        this.requests = process.getOutputStream();
        var _ = process.onExit().thenRun(this::exited);
    }

    /** Starts one that reports into a named pipe. */
    static SupervisorProcess start(SupervisorScript script, Path pipe) throws IOException {
        var builder = new ProcessBuilder("setsid", "/bin/sh", script.file().toString())
                .redirectOutput(Redirect.appendTo(pipe.toFile()))
                .redirectError(Redirect.DISCARD)
                .directory(new File("/"));
        builder.environment().clear();
        builder.environment().putAll(CommandOutput.ENVIRONMENT);
        return new SupervisorProcess(builder.start());
    }

    /** Says what to do when the process has ended, in place of what was said before; at once if it has already. */
    void onExit(Runnable action) {
        onExit.set(action);
        if (ended) {
            exited();
        }
    }

    /** Whether the process is known to have ended. */
    boolean hasEnded() {
        return ended;
    }

    private void exited() {
        ended = true;
        onExit.getAndSet(SupervisorProcess::nothing).run();
    }

    /**
     * Hands it a container. It serves nothing else until it says that the container has ended. A process that is gone is
     * told by {@link #onExit}.
     */
    void serve(long number, Path directory) {
        try {
            requests.write((number + " " + directory + "\n").getBytes(StandardCharsets.UTF_8));
            requests.flush();
        } catch (IOException gone) {
            log.debug("a supervisor has ended before it could serve {}", directory, gone);
        }
    }

    /** Lets it end. */
    void dismiss() {
        try {
            requests.close();
        } catch (IOException gone) {
            log.debug("a supervisor has ended by itself", gone);
        }
    }

    private static void nothing() {}
}
