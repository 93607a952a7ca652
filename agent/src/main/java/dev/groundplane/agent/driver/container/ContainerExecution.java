package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.driver.ContainerExit;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A further command in a running container. */
final class ContainerExecution {
    private static final Logger log = LoggerFactory.getLogger(ContainerExecution.class);
    private static final int CANNOT_RUN = 126;

    private final Engine engine;
    private final String name;

    ContainerExecution(Engine engine, String name) {
        this.engine = engine;
        this.name = name;
    }

    /** Runs a command and says how it ended; kills it when the time is over. */
    int run(List<String> words, Duration limit) {
        try {
            var body = Engine.JSON.createObjectNode().put("AttachStdout", true).put("AttachStderr", true);
            words.forEach(body.putArray("Cmd")::add);
            var id = engine.createExecution(name, body);
            if (!endsWithin(id, limit)) {
                kill(id);
                return ContainerExit.KILLED;
            }
            var answer = engine.execution(id);
            return answer.path("Running").asBoolean()
                    ? CANNOT_RUN
                    : answer.path("ExitCode").asInt(CANNOT_RUN);
        } catch (IOException e) {
            log.debug("cannot run {} in {}: {}", words, name, e.toString());
            return CANNOT_RUN;
        }
    }

    /** The command has ended when its output has. */
    private boolean endsWithin(String id, Duration limit) throws IOException {
        var late = new AtomicBoolean();
        try (var exchange = engine.startExecution(id)) {
            var alarm = CompletableFuture.runAsync(
                    () -> {
                        late.set(true);
                        close(exchange);
                    },
                    CompletableFuture.delayedExecutor(limit.toNanos(), TimeUnit.NANOSECONDS));
            try {
                exchange.body().transferTo(OutputStream.nullOutputStream());
            } finally {
                alarm.cancel(false);
            }
            return true;
        } catch (IOException e) {
            if (late.get()) {
                return false;
            }
            throw e;
        }
    }

    private static void close(EngineExchange exchange) {
        try {
            exchange.close();
        } catch (IOException e) {
            log.debug("closing a command's output", e);
        }
    }

    /** The API can end a container, but no single command in it; its process can be ended from outside. */
    private void kill(String id) throws IOException {
        var pid = engine.execution(id).path("Pid").asLong();
        var killed = pid > 0
                && ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly).orElse(false);
        if (!killed) {
            log.warn("a command in {} that took too long goes on: the agent cannot kill process {}", name, pid);
        }
    }
}
