package dev.groundplane.agent.task;

import static dev.groundplane.agent.task.TaskScenario.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.agent.driver.host.Needs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data directory on a small file system of its own, which is full. */
class FullDiskTest {
    @TempDir
    Path directory;

    private Path data;
    private Path ballast;
    private TaskScenario agent;

    @BeforeEach
    void mount() throws Exception {
        Needs.require("root".equals(System.getProperty("user.name")), "needs root: mounts a file system");
        data = Files.createDirectory(directory.resolve("data"));
        run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", data.toString());
        agent = new TaskScenario(data);
        ballast = data.resolve("ballast");
        fill();
    }

    @AfterEach
    void unmount() throws Exception {
        agent.end();
        run("umount", "--lazy", data.toString());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private void fill() {
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left on device");
        }
    }

    @Test
    void aTaskThatCannotBeWrittenDownDoesNotRunAndSaysWhy() throws Exception {
        agent.accept(container("main", true, "wait"));
        var report = agent.report();
        assertThat(report.status()).isEqualTo(TaskReport.Status.STOPPED);
        assertThat(report.reason()).contains("cannot write down the task").contains("No space left on device");
        assertThat(agent.host.history).isEmpty();
    }

    @Test
    void sentAgainBeforeItsEndIsDeliveredItDoesNotRunAlthoughThereIsRoom() throws Exception {
        agent.reportsAccepted.drainPermits();
        agent.accept(container("main", true, "wait"));
        Files.delete(ballast);
        agent.accept(container("main", true, "wait"));
        assertThat(agent.tasks.arns()).isEmpty();
        agent.reportsAccepted.release();
        assertThat(agent.report().status()).isEqualTo(TaskReport.Status.STOPPED);
        assertThat(agent.host.history).isEmpty();
    }
}
