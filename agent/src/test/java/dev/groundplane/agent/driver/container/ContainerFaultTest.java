package dev.groundplane.agent.driver.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.groundplane.agent.driver.ContainerExit;
import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.Inspection;
import dev.groundplane.agent.driver.LaunchRequest.Mount;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What becomes of containers when the agent or the engine ends at a bad moment. */
class ContainerFaultTest extends ContainerDriverTestBase {
    private static final int RESTARTS = 10;

    private Path shared() throws IOException {
        return Files.createDirectories(data.resolve("shared"));
    }

    private List<Mount> sharedMount() throws IOException {
        return List.of(new Mount("shared", shared().toString(), "/shared", false));
    }

    private static String name(DriverHandle handle) {
        return ContainerName.of(handle).inEngine();
    }

    @Test
    void anAgentThatEndedBeforeItAskedForTheStartLeavesAContainerThatRunsOnce() throws Exception {
        var handle = newDriver().prepare(script("claimed", "echo ran; exit 3"));
        var claim = new StartClaim(directory(handle), 0);
        claim.make(engine.engine().container(name(handle)).orElseThrow().id());
        var successor = newDriver();
        assertThat(successor.recover(handle)).isEqualTo(new Inspection.NotStarted());
        successor.start(handle);
        assertThat(successor.waitForExit(handle)).isEqualTo(new ContainerExit(3, null));
        assertThat(lines(handle)).containsExactly("ran");
    }

    @Test
    void anAgentThatEndedBeforeItHeardOfTheStartFindsTheContainer() throws Exception {
        var handle = newDriver().prepare(script("unheard", "echo ran; exit 4"));
        var id = engine.engine().container(name(handle)).orElseThrow().id();
        new StartClaim(directory(handle), 0).make(id);
        engine.engine().start(id);
        engine.engine().awaitEnd(id);
        var successor = newDriver();
        successor.start(handle);
        assertThat(successor.waitForExit(handle).exitCode()).isEqualTo(4);
        assertThat(lines(handle)).containsExactly("ran");
    }

    @Test
    void anEndThatNoAgentSawIsFoundWithItsOutput() throws Exception {
        var handle = newDriver().prepare(script("unseen", "echo one; echo two >&2; exit 5"));
        var id = engine.engine().container(name(handle)).orElseThrow().id();
        new StartClaim(directory(handle), 0).make(id);
        engine.engine().start(id);
        engine.engine().awaitEnd(id);
        assertThat(newDriver().recover(handle)).isEqualTo(new Inspection.Exited(new ContainerExit(5, null)));
        assertThat(lines(handle)).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void aContainerOutlivesItsEngine() throws Exception {
        assumeTrue(engine.own(), "only an engine of the test's own is killed");
        var driver = newDriver();
        var handle = started(
                driver,
                script("outlives", "echo before; while [ ! -e /shared/go ]; do sleep 0.05; done; echo after; exit 6")
                        .withMounts(sharedMount()));
        awaitLine(handle, "before");
        engine.kill();
        assertThat(driver.inspect(handle)).isInstanceOf(Inspection.Running.class);
        Files.createFile(shared().resolve("go"));
        assertThat(driver.waitForExit(handle).exitCode()).isEqualTo(6);
        assertThat(lines(handle)).containsExactly("before", "after");
    }

    /** Of 10 MB in all: lines of 30,000 bytes, random bytes with line ends where chance puts them, lines without an end. */
    @Test
    void everyByteArrivesOnceHoweverOftenTheAgentRestarts() throws Exception {
        var bytes = mixedBytes(new Random(RESTARTS));
        Files.write(shared().resolve("bytes"), bytes);
        var driver = newContainerDriver();
        var handle = started(
                new ImageForHost(driver),
                script(
                                "restarts",
                                "i=0; while [ $i -lt 100 ]; do dd if=/shared/bytes bs=105000 skip=$i count=1 2>/dev/null;"
                                        + " i=$((i+1)); done; [ -e /shared/go ] || sleep 1000")
                        .withMounts(sharedMount()));
        var log = directory(handle).log();
        var random = new Random(RESTARTS);
        for (var restart = 0; restart < RESTARTS; restart++) {
            // Restarts are spread over the output, each at a length that is no boundary of anything.
            awaitLength(log, (long) restart * bytes.length / RESTARTS + random.nextInt(bytes.length / RESTARTS));
            driver.close();
            driver = newContainerDriver();
            assertThat(driver.recover(handle)).isInstanceOf(Inspection.Running.class);
            assertPrefix(Files.readAllBytes(log), bytes);
        }
        awaitLength(log, bytes.length);
        var inode = Files.getAttribute(log, "unix:ino");
        var written = Files.getLastModifiedTime(log);
        driver.stop(handle, Duration.ZERO);
        driver.waitForExit(handle);
        assertThat(Files.readAllBytes(log)).isEqualTo(bytes);
        assertThat(Files.getLastModifiedTime(log))
                .as("nothing is written again at the end")
                .isEqualTo(written);
        assertThat(Files.getAttribute(log, "unix:ino")).isEqualTo(inode);
        driver.destroy(handle);
        driver.close();
    }

    private ContainerDriver newContainerDriver() throws IOException {
        return new ContainerDriver(engine.engine(), tasks, settings(false));
    }

    private static byte[] mixedBytes(Random random) {
        var bytes = new ByteArrayOutputStream();
        while (bytes.size() < 10_485_760) {
            var binary = new byte[20_000];
            random.nextBytes(binary);
            bytes.writeBytes(binary);
            bytes.writeBytes("x".repeat(30_000).getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes("\n\nshort\n".getBytes(StandardCharsets.US_ASCII));
        }
        return Arrays.copyOf(bytes.toByteArray(), 10_485_760);
    }

    private static void assertPrefix(byte[] log, byte[] bytes) {
        assertThat(log.length).isLessThanOrEqualTo(bytes.length);
        assertThat(Arrays.mismatch(log, 0, log.length, bytes, 0, log.length)).isEqualTo(-1);
    }

    @Test
    void whatAKilledAgentHadNotWrittenIsWrittenByTheNext() throws Exception {
        var first = newDriver();
        var handle = started(
                first,
                script(
                                "cut",
                                "head -c 1048576 /dev/urandom > /shared/bytes; echo ready; cat /shared/bytes; echo end >&2")
                        .withMounts(sharedMount()));
        assertThat(first.waitForExit(handle).exitCode()).isZero();
        assertComplete(handle);
        for (var length : List.of(0L, 5L, 300_001L)) {
            try (var log = FileChannel.open(directory(handle).log(), StandardOpenOption.WRITE)) {
                log.truncate(length);
            }
            newDriver().recover(handle);
            assertComplete(handle);
        }
        first.destroy(handle);
        assertComplete(handle);
    }

    @Test
    void everyByteOfALongOutputArrivesAcrossARestartOfTheEngine() throws Exception {
        assumeTrue(engine.own(), "only an engine of the test's own is killed");
        var driver = newDriver();
        var handle = started(
                driver,
                script(
                                "long-engine",
                                "head -c 10485760 /dev/urandom > /shared/bytes; echo ready; cat /shared/bytes; echo end >&2; sleep 0.5")
                        .withMounts(sharedMount()));
        awaitLine(handle, "ready");
        engine.kill();
        assertThat(driver.waitForExit(handle).exitCode()).isZero();
        assertComplete(handle);
    }

    private void assertComplete(DriverHandle handle) throws IOException {
        var log = Files.readAllBytes(directory(handle).log());
        var bytes = Files.readAllBytes(shared().resolve("bytes"));
        assertThat(log).hasSize(bytes.length + "ready\nend\n".length());
        assertThat(log).startsWith("ready\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(Arrays.mismatch(bytes, 0, bytes.length, log, "ready\n".length(), "ready\n".length() + bytes.length))
                .isEqualTo(-1);
    }
}
