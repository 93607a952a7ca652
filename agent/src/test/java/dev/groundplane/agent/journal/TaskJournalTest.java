package dev.groundplane.agent.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.files.DurableFiles.Durability;
import dev.groundplane.agent.journal.TaskState.Acknowledged;
import dev.groundplane.agent.model.DesiredStatus;
import dev.groundplane.agent.model.Json;
import dev.groundplane.agent.model.TaskSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskJournalTest {
    private static final String ARN = "arn:aws:ecs:us-east-1:123456789012:task/default/abc";

    @TempDir
    Path data;

    private Instant now = Instant.now();
    private TaskSpec spec;

    @BeforeEach
    void prepare() throws IOException {
        Files.createDirectories(data.resolve("tasks"));
        spec = Json.MAPPER.readValue("""
                {"arn": "%s", "desiredStatus": "RUNNING", "cpu": 0.25, "memory": 64, "somethingNew": 1,
                 "groundplane": {"startedBefore": true},
                 "volumes": [{"name": "v", "type": "host", "host": {"sourcePath": "/srv"}}],
                 "containers": [{"name": "main", "image": "host", "command": ["true"], "essential": true,
                   "environment": {"B": "2", "A": "1"}, "dependsOn": [{"containerName": "x", "condition": "SUCCESS"}],
                   "mountPoints": [{"sourceVolume": "v", "containerPath": "/srv", "readOnly": true}],
                   "stopTimeout": 3, "dockerConfig": {"hostConfig": "{\\"Privileged\\": true}"}}]}
                """.formatted(ARN), TaskSpec.class);
    }

    private TaskJournal journal() throws IOException {
        return new TaskJournal(data.resolve("tasks"), data.resolve("journal"), () -> now, "this boot");
    }

    private static void accept(TaskJournal journal, TaskSpec... specs) throws IOException {
        journal.accept(List.of(specs), (refused, why) -> {
            throw new UncheckedIOException(why);
        });
    }

    @Test
    void anAcceptedTaskIsThereForTheNextProcess() throws IOException {
        accept(journal(), spec);
        var loaded = journal().load();
        assertThat(loaded).hasSize(1);
        assertThat(loaded.getFirst().spec()).isEqualTo(spec);
        assertThat(loaded.getFirst().state().acknowledged()).isEqualTo(Acknowledged.NOTHING);
        assertThat(journal().isOfEarlierBoot(loaded.getFirst().state())).isFalse();
    }

    @Test
    void whatWasRecordedLastCounts() throws IOException {
        var journal = journal();
        accept(journal, spec);
        var container = new ContainerState(
                new DriverHandle("host", 1, "abc/main"),
                2,
                true,
                true,
                3,
                "why",
                1234L,
                new ContainerState.RuntimeFacts(List.of(), "sha256:1"));
        var state = new TaskState(
                "other boot", DesiredStatus.STOPPED, Acknowledged.RUNNING, "reason", 5L, Map.of("main", container));
        journal.record("abc", state, Durability.PROCESS);
        var loaded = journal().load().getFirst().state();
        assertThat(loaded).isEqualTo(state);
        assertThat(loaded.container("other")).isEqualTo(ContainerState.PENDING);
        assertThat(journal.isOfEarlierBoot(loaded)).isTrue();
    }

    @Test
    void aTaskThatWasCutOffWhileBeingAcceptedIsForgotten() throws IOException {
        accept(journal(), spec);
        var torn = Files.createDirectories(data.resolve("tasks/torn"));
        Files.writeString(data.resolve("journal"), "accepted torn {\"spec\": {", StandardOpenOption.APPEND);
        assertThat(journal().load()).hasSize(1);
        assertThat(torn).doesNotExist();
        var next = journal();
        accept(next, other("next"));
        assertThat(journal().load()).hasSize(2);
    }

    @Test
    void aDamagedTaskDoesNotHideTheOthers() throws IOException {
        Files.writeString(data.resolve("journal"), "accepted damaged {\"spec\nnonsense\nretired x\n");
        var damaged = Files.createDirectories(data.resolve("tasks/damaged"));
        accept(journal(), spec);
        assertThat(journal().load()).hasSize(1);
        assertThat(damaged).exists();
    }

    @Test
    void theLastReportOfARetiredTaskIsKnownForADay() throws IOException {
        var journal = journal();
        accept(journal, spec);
        Files.createDirectories(data.resolve("tasks/abc/scratch"));
        journal.retire(ARN, "a report".getBytes(StandardCharsets.UTF_8));
        assertThat(journal.load()).isEmpty();
        assertThat(data.resolve("tasks/abc")).doesNotExist();
        now = now.plus(Duration.ofHours(23));
        assertThat(journal().lastReport("abc").orElseThrow()).asString().isEqualTo("a report");
        now = now.plus(Duration.ofHours(2));
        assertThat(journal().lastReport("abc")).isEmpty();
    }

    @Test
    void aJournalThatHasGrownIsReplacedAndStillKnowsEverything() throws IOException {
        var journal = journal();
        accept(journal, spec, other("untouched"), other("gone"));
        journal.retire(other("gone").arn(), "its report".getBytes(StandardCharsets.UTF_8));
        var size = 0L;
        var state =
                new TaskState("boot", DesiredStatus.RUNNING, Acknowledged.RUNNING, "x".repeat(1 << 16), 0L, Map.of());
        for (var time = 1L; Files.size(data.resolve("journal")) >= size; time++) {
            size = Files.size(data.resolve("journal"));
            state = new TaskState("boot", DesiredStatus.RUNNING, Acknowledged.RUNNING, state.reason(), time, Map.of());
            journal.record("abc", state, Durability.PROCESS);
        }
        assertThat(size).isLessThan(8 << 20);
        for (var known : List.of(journal, journal())) {
            assertThat(known.load()).extracting(task -> task.spec().taskId()).containsExactly("abc", "untouched");
            assertThat(known.load().getFirst().state()).isEqualTo(state);
            assertThat(known.load().getLast().state().acknowledged()).isEqualTo(Acknowledged.NOTHING);
            assertThat(known.lastReport("gone").orElseThrow()).asString().isEqualTo("its report");
        }
    }

    @Test
    void manyTasksWriteAtTheSameTime() throws Exception {
        var journal = journal();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var number = 0; number < 100; number++) {
                var task = other("task-" + number);
                var _ = threads.submit(() -> {
                    accept(journal, task);
                    journal.record(task.taskId(), journaled(task.taskId()), Durability.POWER_FAILURE);
                    return task;
                });
            }
        }
        assertThat(journal().load())
                .hasSize(100)
                .allSatisfy(task ->
                        assertThat(task.state()).isEqualTo(journaled(task.spec().taskId())));
    }

    private static TaskState journaled(String taskId) {
        return new TaskState("boot", DesiredStatus.STOPPED, Acknowledged.RUNNING, taskId, 7L, Map.of());
    }

    private TaskSpec other(String taskId) throws IOException {
        var json = Json.MAPPER.writeValueAsString(spec).replace("default/abc", "default/" + taskId);
        return Json.MAPPER.readValue(json, TaskSpec.class);
    }
}
