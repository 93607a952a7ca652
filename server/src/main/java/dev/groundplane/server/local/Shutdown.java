package dev.groundplane.server.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Stops an installation's processes on this machine: first the tasks, through the control plane while it is there, so that
 * their ends are recorded; then the control plane, then the agent. Idempotent, and may be interrupted and run again.
 */
public final class Shutdown {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Longer than any stopTimeout. */
    private static final Duration TASK_PATIENCE = Duration.ofSeconds(150);

    private final DataDirectory data;
    private final Path home;
    private final Consumer<String> progress;

    /** @param progress is told each step */
    public Shutdown(DataDirectory data, Path home, Consumer<String> progress) {
        this.data = data;
        this.home = home;
        this.progress = progress;
    }

    /** Stops everything and returns when it is gone. */
    public void run() throws InterruptedException, IOException {
        Optional<ProcessHandle> controlPlane = RunningProcess.controlPlane(data);
        if (controlPlane.isPresent()) {
            stopTasks();
        }
        end("control plane", controlPlane);
        end("local agent", RunningProcess.agent(data));
        stopOrphans();
        progress.accept("down: nothing of " + data.root() + " is running");
    }

    private void stopTasks() throws InterruptedException {
        try (EcsClient ecs = Connection.of(data).ecs()) {
            List<String> tasks = new ArrayList<>();
            for (DesiredStatus desired : List.of(DesiredStatus.RUNNING, DesiredStatus.PENDING)) {
                for (ListTasksResponse page : ecs.listTasksPaginator(
                        b -> b.containerInstance(instance()).desiredStatus(desired))) {
                    tasks.addAll(standalone(ecs, page.taskArns()));
                }
            }
            for (String task : tasks) {
                ecs.stopTask(b -> b.task(task).reason("groundplane down"));
            }
            if (!tasks.isEmpty()) {
                progress.accept("stopping " + tasks.size() + " tasks");
                for (int from = 0; from < tasks.size(); from += 100) {
                    List<String> batch = tasks.subList(from, Math.min(from + 100, tasks.size()));
                    ecs.waiter()
                            .waitUntilTasksStopped(
                                    b -> b.tasks(batch),
                                    w -> w.waitTimeout(TASK_PATIENCE)
                                            .backoffStrategyV2(BackoffStrategy.fixedDelay(Duration.ofMillis(200)))
                                            .maxAttempts(1_000));
                }
            }
        } catch (SdkException | GroundplaneException e) {
            progress.accept(
                    "the control plane does not answer (%s); tasks are stopped without it".formatted(e.getMessage()));
        }
    }

    /** Those that are not a service's: it would replace them at once. They are stopped when nobody is left to do so. */
    private static List<String> standalone(EcsClient ecs, List<String> tasks) {
        return tasks.isEmpty()
                ? List.of()
                : ecs.describeTasks(b -> b.tasks(tasks)).tasks().stream()
                        .filter(t -> t.group() == null || !t.group().startsWith("service:"))
                        .map(Task::taskArn)
                        .toList();
    }

    /** The local agent's container instance, as the agent noted it. */
    private String instance() {
        try {
            return new ObjectMapper()
                    .readTree(data.agent().resolve("instance.json").toFile())
                    .path("arn")
                    .asText();
        } catch (IOException e) {
            throw new GroundplaneException(ErrorKind.EXTERNAL, "the local agent never registered", e);
        }
    }

    private void end(String what, Optional<ProcessHandle> process) throws InterruptedException {
        if (process.isEmpty()) {
            return;
        }
        process.get().destroy();
        try {
            process.get().onExit().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            progress.accept("stopped the " + what);
        } catch (TimeoutException e) {
            process.get().destroyForcibly();
            progress.accept("killed the " + what + ", which did not stop in " + PATIENCE.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "cannot wait for the " + what, e);
        }
    }

    /** Tasks that outlived both: the agent's journal knows them. */
    private void stopOrphans() throws InterruptedException, IOException {
        if (!Files.isDirectory(data.agent().resolve("tasks"))) {
            return;
        }
        List<String> command = new ArrayList<>(LocalAgent.agentCommand(home, List.of()));
        command.addAll(List.of(
                "stop-tasks",
                "--data",
                data.agent().toString(),
                "--log-file",
                data.agentLog().toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        data.outsideLog(data.agentLog()).toFile()))
                .start();
        if (process.waitFor() != 0) {
            throw new GroundplaneException(ErrorKind.EXTERNAL, "some tasks may still run; see " + data.agentLog());
        }
    }
}
