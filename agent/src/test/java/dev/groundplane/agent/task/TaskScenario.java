package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.Drivers;
import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.journal.JournaledTask;
import dev.groundplane.agent.journal.TaskJournal;
import dev.groundplane.agent.journal.TaskState;
import dev.groundplane.agent.model.Json;
import dev.groundplane.agent.model.TaskSpec;
import dev.groundplane.agent.retry.Reachability;
import dev.groundplane.agent.task.MemoryHost.AgentProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Agents over one data directory and one host in memory, one after another; reports arrive in a queue. */
final class TaskScenario {
    static final String ARN = "arn:aws:ecs:us-east-1:123456789012:task/default/t1";

    final MemoryHost host = new MemoryHost();
    final BlockingQueue<TaskReport> reports = new LinkedBlockingQueue<>();
    final BlockingQueue<Runnable> timers = new LinkedBlockingQueue<>();
    /** While there are none, the control plane is away. */
    final Semaphore reportsAccepted = new Semaphore(Integer.MAX_VALUE);

    /** Tells whether the control plane is away. */
    final Reachability reachability = new Reachability();
    /** How long the host has been up. */
    volatile Duration uptime = Duration.ofHours(1);
    /** The changes of health, as {@code {container=HEALTHY}}. */
    final BlockingQueue<String> health = new LinkedBlockingQueue<>();

    private final Path data;
    private final InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(42));
    private AgentProcess process = new AgentProcess();
    private TaskJournal journal;
    String bootId = "boot 1";
    /** Of every container, as of the next restart. */
    ContainerHook hook = new ContainerHook() {};

    Tasks tasks;

    TaskScenario(Path data) throws IOException {
        this.data = data;
        reachability.returned(() -> true);
        DurableFiles.ensureDirectory(data.resolve("tasks"), "rwx------");
        restart();
    }

    /** The agent process crashes and a new one begins. */
    void restart() throws IOException {
        process.crash();
        process = new AgentProcess();
        journal = new TaskJournal(data.resolve("tasks"), data.resolve("journal"), InstantSource.system(), bootId);
        var own = process;
        tasks = new Tasks(
                journal,
                new Drivers(List.of(host.driver(own))),
                (task, container) -> List.of(new VolumesHook(task, container), hook),
                report -> deliver(own, report),
                new HealthSink() {
                    @Override
                    public void changed(String taskArn, Map<String, Health> containers) {
                        health.add(containers.toString());
                    }

                    @Override
                    public void gone(String taskArn) {}
                },
                reachability,
                () -> uptime,
                clock,
                (delay, action) -> timers.add(action));
    }

    /** Stops what still runs, so that nothing writes to the directory any more. */
    void end() throws IOException {
        reportsAccepted.drainPermits();
        reportsAccepted.release(100);
        accept("", "STOPPED", "");
        awaitNoTasks();
    }

    private void deliver(AgentProcess own, TaskReport report) throws InterruptedException {
        reportsAccepted.acquire();
        own.proceed();
        reports.add(report);
    }

    /** Blocks until the journal has the one task in a state like this. */
    void awaitJournal(Predicate<TaskState> condition) throws IOException {
        while (journal.load().stream().map(JournaledTask::state).noneMatch(condition)) {
            LockSupport.parkNanos(1_000_000); // who looks without a pause keeps the writers from the journal's lock
        }
    }

    /** Blocks until no task is here any more. */
    void awaitNoTasks() {
        while (!tasks.arns().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    void controlPlaneGoesAway() {
        reportsAccepted.drainPermits();
        reachability.lost();
    }

    void accept(String containers) throws IOException {
        accept(containers, "RUNNING", "");
    }

    void accept(String containers, String desiredStatus, String more) throws IOException {
        var json = """
                {"arn": "%s", "desiredStatus": "%s", "containers": [%s] %s}
                """.formatted(ARN, desiredStatus, containers, more);
        tasks.accept(List.of(Json.MAPPER.readValue(json, TaskSpec.class))).run();
    }

    static String container(String name, boolean essential, String program, String... dependsOn) {
        var dependencies = List.of(dependsOn).stream()
                .map(text -> text.split(" "))
                .map(parts -> "{\"containerName\": \"%s\", \"condition\": \"%s\"}".formatted(parts[0], parts[1]))
                .toList();
        var words = List.of(program.split(" ")).stream()
                .map(word -> '"' + word + '"')
                .toList();
        return """
                {"name": "%s", "image": "host", "essential": %s, "command": %s, "dependsOn": %s, "startTimeout": 5}""".formatted(name, essential, words, dependencies);
    }

    TaskReport report() throws InterruptedException {
        return reports.take();
    }

    String event() throws InterruptedException {
        return host.history.take();
    }
}
