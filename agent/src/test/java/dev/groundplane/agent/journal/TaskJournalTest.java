package dev.groundplane.agent.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.files.DurableFiles.Durability;
import dev.groundplane.agent.journal.TaskState.Acknowledged;
import dev.groundplane.agent.model.DesiredStatus;
import dev.groundplane.agent.model.Json;
import dev.groundplane.agent.model.TaskSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
        Files.createDirectories(data.resolve("tombstones"));
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

    private TaskJournal journal() {
        return new TaskJournal(
                data.resolve("tasks"), new Tombstones(data.resolve("tombstones"), () -> now), "this boot");
    }

    @Test
    void anAcceptedTaskIsThereForTheNextProcess() throws IOException {
        journal().accept(List.of(spec));
        var loaded = journal().load();
        assertThat(loaded).hasSize(1);
        assertThat(loaded.getFirst().spec()).isEqualTo(spec);
        assertThat(loaded.getFirst().state().acknowledged()).isEqualTo(Acknowledged.NOTHING);
        assertThat(journal().isOfEarlierBoot(loaded.getFirst().state())).isFalse();
    }

    @Test
    void whatWasRecordedLastCounts() throws IOException {
        var journal = journal();
        journal.accept(List.of(spec));
        var container = new ContainerState(new DriverHandle("host", 1, "abc/main"), 2, true, true, 3, "why", 1234L, new ContainerState.Runtime(List.of(), "sha256:1"));
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
        var torn = Files.createDirectories(data.resolve("tasks/torn"));
        Files.writeString(torn.resolve("task.json.tmp"), "{\"spec");
        assertThat(journal().load()).isEmpty();
        assertThat(torn).doesNotExist();
    }

    @Test
    void aDamagedTaskDoesNotHideTheOthers() throws IOException {
        journal().accept(List.of(spec));
        var damaged = Files.createDirectories(data.resolve("tasks/damaged"));
        Files.writeString(damaged.resolve("task.json"), "{\"spec");
        assertThat(journal().load()).hasSize(1);
        assertThat(damaged).exists();
    }

    @Test
    void aRetiredTaskLeavesATombstoneForADay() throws IOException {
        var journal = journal();
        journal.accept(List.of(spec));
        journal.retire(ARN, "report".getBytes(StandardCharsets.UTF_8));
        assertThat(journal.load()).isEmpty();
        assertThat(data.resolve("tasks/abc")).doesNotExist();
        now = now.plus(Duration.ofHours(23));
        journal.tombstones().expire();
        assertThat(journal.tombstones().find("abc").orElseThrow()).asString().isEqualTo("report");
        now = now.plus(Duration.ofHours(2));
        journal.tombstones().expire();
        assertThat(journal.tombstones().find("abc")).isEmpty();
    }
}
