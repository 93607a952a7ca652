package dev.groundplane.agent.driver.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.agent.driver.ContainerExit;
import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.LaunchRequest.Limits;
import dev.groundplane.agent.driver.host.CgroupTree.Scope;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits, where this host lets the agent set them. */
class HostLimitsTest extends HostDriverTestBase {
    private static final String ALLOCATE = "a=x; while :; do a=$a$a; done";

    @Override
    HostFeatures features() throws IOException, InterruptedException {
        return HostProbe.probe(data, false);
    }

    @BeforeEach
    void needCgroups() throws IOException, InterruptedException {
        Needs.require(!(features().cgroups() instanceof CgroupTree.None), "needs cgroups");
    }

    private static LaunchRequest limited(String taskId, String script, Limits task, Limits container) {
        return script(taskId, script).withLimits(task, container);
    }

    @Test
    void aContainerOverItsMemoryIsKilledAndSaysSo() throws Exception {
        var driver = newDriver();
        var handle = started(driver, limited("hungry", ALLOCATE, Limits.NONE, new Limits(0, 32)));
        assertThat(driver.waitForExit(handle))
                .isEqualTo(new ContainerExit(137, "OutOfMemoryError: Container killed due to memory usage"));
        driver.destroy(handle);
    }

    @Test
    void theTasksMemoryBindsItsContainers() throws Exception {
        var driver = newDriver();
        var handle = started(driver, limited("hungry-task", ALLOCATE, new Limits(0, 32), Limits.NONE));
        assertThat(driver.waitForExit(handle).reason()).startsWith("OutOfMemoryError");
        driver.destroy(handle);
    }

    @Test
    void cpuUnitsBecomeSharesOfTheCommandAndLeaveNothingBehind() throws Exception {
        var cgroups = features().cgroups();
        var driver = newDriver();
        var request = limited("shares", "cat /proc/self/cgroup; read -r line", new Limits(2048, 0), new Limits(512, 0));
        var handle = started(driver, request);
        driver.waitForExit(handle);
        assertThat(lines(handle)).anyMatch(line -> line.endsWith("/shares/main"));
        var directories = cgroups.joinFiles(new Scope("shares", "main")).stream()
                .map(file -> file.getParent())
                .toList();
        assertThat(directories).anySatisfy(directory -> {
            var shares = directory.resolve("cpu.shares");
            var weight = directory.resolve("cpu.weight");
            assertThat(
                            Files.exists(shares)
                                    ? Files.readString(shares).strip()
                                    : Files.readString(weight).strip())
                    .isIn("512", Long.toString(CgroupV2.weight(512)));
        });
        driver.destroy(handle);
        assertThat(directories).noneMatch(Files::exists);
    }

    @Test
    void sharesBecomeWeightsOverTheWholeRange() {
        assertThat(CgroupV2.weight(2)).isEqualTo(1);
        assertThat(CgroupV2.weight(1024)).isEqualTo(39);
        assertThat(CgroupV2.weight(1 << 20)).isEqualTo(10_000);
    }
}
