package dev.groundplane.agent.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.agent.driver.LaunchRequest.Image;
import dev.groundplane.agent.driver.LaunchRequest.Program;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every driver must do. Containers run shell scripts, whatever the driver makes of them. */
@Timeout(180) // an engine takes its time for many containers at once
public abstract class TaskDriverContract {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** A new driver object over the same host, as after a restart of the agent. */
    protected abstract TaskDriver newDriver() throws Exception;

    /** Blocks until the container has printed this line. */
    protected abstract void awaitLine(DriverHandle handle, String line) throws Exception;

    /** What the container has printed. */
    protected abstract List<String> lines(DriverHandle handle) throws Exception;

    protected static LaunchRequest script(String taskId, String script) {
        return request(taskId, List.of("/bin/sh", "-c", script));
    }

    protected static LaunchRequest request(String taskId, List<String> words) {
        return LaunchRequest.of(taskId, "main", new Image("host", null), Program.of(words));
    }

    protected DriverHandle started(TaskDriver driver, LaunchRequest request) throws Exception {
        var handle = driver.prepare(request);
        driver.start(handle);
        return handle;
    }

    @Test
    void anExitCodeIsPassedOn() throws Exception {
        var driver = newDriver();
        var handle = started(driver, script("exits", "exit 7"));
        assertThat(driver.waitForExit(handle)).isEqualTo(new ContainerExit(7, null));
        driver.destroy(handle);
    }

    @Test
    void theEndIsToldAgain() throws Exception {
        var driver = newDriver();
        var handle = started(driver, script("again", "exit 0"));
        driver.waitForExit(handle);
        assertThat(driver.waitForExit(handle).exitCode()).isZero();
        assertThat(driver.inspect(handle)).isEqualTo(new Inspection.Exited(new ContainerExit(0, null)));
    }

    @Test
    void aStopLetsTheContainerEndByItself() throws Exception {
        var driver = newDriver();
        var handle = started(driver, script("graceful", "trap 'echo bye; exit 3' TERM; echo ready; sleep 1000 & wait"));
        awaitLine(handle, "ready");
        driver.stop(handle, LONG);
        assertThat(driver.waitForExit(handle).exitCode()).isEqualTo(3);
        assertThat(lines(handle)).contains("bye");
    }

    @Test
    void aStopEndsAProgramWithoutHandlers() throws Exception {
        var driver = newDriver();
        var handle = started(driver, request("plain-stop", List.of("sleep", "1000")));
        driver.stop(handle, Duration.ofSeconds(1));
        assertThat(driver.waitForExit(handle).exitCode()).isIn(143, ContainerExit.KILLED);
    }

    @Test
    void aContainerThatIgnoresTheStopIsKilled() throws Exception {
        var driver = newDriver();
        var handle = started(driver, script("stubborn", "trap '' TERM; echo ready; while :; do sleep 1; done"));
        awaitLine(handle, "ready");
        driver.stop(handle, Duration.ofMillis(1));
        assertThat(driver.waitForExit(handle).exitCode()).isEqualTo(ContainerExit.KILLED);
    }

    @Test
    void aNewDriverTakesOverWhatRuns() throws Exception {
        var handle = started(newDriver(), script("lives-on", "trap 'exit 5' TERM; echo ready; sleep 1000 & wait"));
        awaitLine(handle, "ready");
        var successor = newDriver();
        assertThat(successor.recover(handle)).isInstanceOf(Inspection.Running.class);
        successor.stop(handle, LONG);
        assertThat(successor.waitForExit(handle).exitCode()).isEqualTo(5);
    }

    @Test
    void aNewDriverLearnsOfAnEndThatNobodyWatched() throws Exception {
        var driver = newDriver();
        var handle = started(driver, script("unwatched", "exit 9"));
        driver.waitForExit(handle);
        assertThat(newDriver().recover(handle)).isEqualTo(new Inspection.Exited(new ContainerExit(9, null)));
    }

    @Test
    void whatIsOnlyPreparedHasNotStarted() throws Exception {
        var handle = newDriver().prepare(script("prepared", "exit 4"));
        var successor = newDriver();
        assertThat(successor.recover(handle)).isEqualTo(new Inspection.NotStarted());
        successor.start(handle);
        assertThat(successor.waitForExit(handle).exitCode()).isEqualTo(4);
    }

    @Test
    void startingTwiceRunsOnce() throws Exception {
        var request = script("once", "echo ran; exit 6");
        var first = newDriver();
        var second = newDriver();
        var handle = first.prepare(request);
        var starts = List.of(start(first, handle), start(second, handle));
        starts.forEach(CompletableFuture::join);
        assertThat(first.waitForExit(handle).exitCode()).isEqualTo(6);
        assertThat(lines(handle)).containsExactly("ran");
        assertThat(second.prepare(request)).isEqualTo(handle);
        second.start(handle);
        assertThat(second.waitForExit(handle).exitCode()).isEqualTo(6);
        assertThat(lines(handle)).containsExactly("ran");
    }

    private static CompletableFuture<Void> start(TaskDriver driver, DriverHandle handle) {
        return CompletableFuture.runAsync(() -> {
            try {
                driver.start(handle);
            } catch (StartFailure | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aFurtherCommandRunsInsideTheContainer() throws Exception {
        var driver = newDriver();
        var handle = started(
                driver, script("executes", "echo ready; sleep 1000").withEnvironment(Map.of("COLOUR", "it's blue")));
        awaitLine(handle, "ready");
        var successor = newDriver();
        assertThat(successor.execute(handle, List.of("/bin/sh", "-c", "[ \"$COLOUR\" = \"it's blue\" ]"), LONG))
                .isZero();
        assertThat(successor.execute(handle, List.of("/bin/sh", "-c", "exit 4"), LONG))
                .isEqualTo(4);
        assertThat(successor.execute(handle, List.of("no-such-program"), LONG)).isNotZero();
        assertThat(successor.execute(handle, List.of("sleep", "1000"), Duration.ofMillis(100)))
                .isEqualTo(ContainerExit.KILLED);
        assertThat(successor.inspect(handle)).isInstanceOf(Inspection.Running.class);
        successor.stop(handle, Duration.ZERO);
        successor.waitForExit(handle);
        assertThat(successor.execute(handle, List.of("true"), LONG)).isNotZero();
        successor.destroy(handle);
    }

    @Test
    void anotherAttemptRunsAnewAndWritesToTheSameLog() throws Exception {
        var driver = newDriver();
        var request = script("attempts", "echo ran; exit 8");
        for (var attempt = 0; attempt < 3; attempt++) {
            var handle = started(driver, request.withAttempt(attempt));
            assertThat(driver.waitForExit(handle).exitCode()).isEqualTo(8);
            assertThat(lines(handle)).hasSize(attempt + 1).containsOnly("ran");
            driver.destroy(handle);
        }
    }
}
