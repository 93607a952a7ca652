package dev.groundplane.agent.driver.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.agent.driver.ContainerExit;
import dev.groundplane.agent.driver.Inspection;
import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.LaunchRequest.Mount;
import dev.groundplane.agent.driver.LaunchRequest.Program;
import dev.groundplane.agent.driver.LaunchRequest.Ulimit;
import dev.groundplane.agent.driver.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The host driver with all that this host offers. */
class HostDriverTest extends HostDriverTestBase {
    @Override
    HostFeatures features() throws IOException, InterruptedException {
        return HostProbe.probe(data, false);
    }

    private static LaunchRequest with(LaunchRequest base, String user, boolean privileged, Mount... mounts) {
        var program = base.program();
        var changed = new Program(
                program.entryPoint(),
                program.command(),
                program.environment(),
                user,
                program.workingDirectory(),
                privileged);
        return LaunchRequest.of(base.taskId(), base.container(), base.image(), changed)
                .withMounts(List.of(mounts));
    }

    private List<String> output(LaunchRequest request) throws Exception {
        var driver = newDriver();
        var handle = started(driver, request);
        driver.waitForExit(handle);
        driver.destroy(handle);
        return lines(handle);
    }

    @Test
    void aProgramThatIsNotThereFailsTheStart() throws Exception {
        var driver = newDriver();
        assertThatThrownBy(() -> started(driver, request("missing", List.of("no-such-program"))))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("no-such-program");
        var file = Files.writeString(data.resolve("not-executable"), "text");
        assertThatThrownBy(() -> started(driver, request("not-executable", List.of(file.toString()))))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(file.toString());
    }

    /** As one that started it a moment before leaves it, until it has said who it is. */
    @Test
    void aContainerThatIsBeingClaimedHasNotFailed() throws Exception {
        var driver = newDriver();
        var handle = driver.prepare(request("claimed", List.of("true")));
        Files.createFile(directory(handle).status());
        driver.start(handle);
    }

    @Test
    void anEmptyCommandIsRefused() throws Exception {
        var driver = newDriver();
        assertThatThrownBy(() -> driver.prepare(request("empty", List.of())))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("entryPoint and command are empty");
    }

    @Test
    void wordsAndEnvironmentArriveAsTheyWere() throws Exception {
        var odd = "it's \"odd\" $HOME `date` \\ é\nsecond line";
        var environment = Map.of("ODD", odd, "with.dot", "dotted", "UID", "x", "LD_PRELOAD", "/no/such.so");
        assertThat(output(request("words", List.of("printf", "%s\\n", odd))))
                .containsExactly("it's \"odd\" $HOME `date` \\ é", "second line");
        assertThat(output(request("environment", List.of("env")).withEnvironment(environment)))
                .containsSubsequence("ODD=it's \"odd\" $HOME `date` \\ é", "second line")
                .contains("with.dot=dotted", "UID=x", "LANG=C.UTF-8", "LD_PRELOAD=/no/such.so")
                .noneMatch(line -> line.startsWith("OLDPWD=") || line.startsWith("JAVA_HOME="));
    }

    @Test
    void noSignalIsIgnored() throws Exception {
        var ignored = output(request("signals", List.of("grep", "SigIgn", "/proc/self/status")));
        var standardSignals = 0x7fff_ffffL;
        assertThat(Long.parseUnsignedLong(ignored.getFirst().split("\t")[1], 16) & standardSignals)
                .isZero();
    }

    @Test
    void whatACommandLeavesBehindEndsWithIt() throws Exception {
        var mark = "98765." + ProcessHandle.current().pid();
        output(script("leaves", "sleep " + mark + " & exit 0"));
        assertThat(ProcessHandle.allProcesses())
                .noneMatch(process -> process.info().commandLine().orElse("").contains(mark));
    }

    @Test
    void aKilledSupervisorIsToldAsSuch() throws Exception {
        var driver = newDriver();
        var handle = started(driver, script("orphan", "echo ready; sleep 1000"));
        awaitLine(handle, "ready");
        var running = (Inspection.Running) driver.inspect(handle);
        ProcessHandle.of(running.pid()).orElseThrow().destroyForcibly();
        var exit = driver.waitForExit(handle);
        assertThat(exit.exitCode()).isEqualTo(ContainerExit.KILLED);
        assertThat(exit.reason()).contains("supervisor");
        var command = ContainerStatus.read(directory(handle)).command().orElseThrow();
        while (command.isAlive()) {
            Thread.sleep(1); // it was killed, and is gone as soon as it is its turn
        }
    }

    @Test
    void aSupervisorServesOneContainerAfterTheOther() throws Exception {
        var driver = new HostDriver(data, tasks, features());
        var first = started(driver, script("first", "exit 1"));
        assertThat(driver.waitForExit(first).exitCode()).isEqualTo(1);
        var second = started(driver, script("second", "echo two; exit 2"));
        assertThat(driver.waitForExit(second).exitCode()).isEqualTo(2);
        assertThat(lines(second)).containsExactly("two");
        assertThat(ContainerStatus.read(directory(second)).supervisor())
                .isEqualTo(ContainerStatus.read(directory(first)).supervisor());
        assertThat(driver.inspect(first)).isEqualTo(new Inspection.Exited(new ContainerExit(1, null)));
    }

    @Test
    void aSupervisorThatWasKilledWhileItHadNothingToDoIsReplaced() throws Exception {
        var driver = new HostDriver(data, tasks, features());
        // Again and again: the next container comes before, while and after the driver hears of the supervisor's end.
        for (var round = 0; round < 20; round++) {
            var first = started(driver, script("before-" + round, "exit 1"));
            driver.waitForExit(first);
            var supervisor = ContainerStatus.read(directory(first)).supervisor().orElseThrow();
            var process = ProcessHandle.of(supervisor.pid()).orElseThrow();
            process.destroyForcibly();
            process.onExit().join();
            var second = started(driver, script("after-" + round, "exit 2"));
            assertThat(driver.waitForExit(second).exitCode()).isEqualTo(2);
        }
    }

    @Test
    void aCommandRunsEvenIfNobodyHearsOfItsStart() throws Exception {
        var driver = newDriver();
        var handle = driver.prepare(script("unheard", "echo ran; exit 8"));
        var supervisor = new ProcessBuilder(
                        "setsid", "/bin/sh", data.resolve("supervisor.sh").toString())
                .redirectErrorStream(true)
                .start();
        supervisor.getInputStream().close();
        try (var requests = supervisor.outputWriter()) {
            requests.write("1 " + directory(handle).path() + "\n");
        }
        supervisor.waitFor();
        assertThat(driver.recover(handle)).isEqualTo(new Inspection.Exited(new ContainerExit(8, null)));
        assertThat(lines(handle)).containsExactly("ran");
    }

    @Test
    void aContainerThatIsToStopBeforeItsCommandRunsNeverRunsIt() throws Exception {
        var driver = newDriver();
        var handle = driver.prepare(script("too-late", "echo ran"));
        var directory = directory(handle);
        var launch = Files.readString(directory.launch());
        Files.writeString(directory.launch(), "echo stop >>'%s'\n%s".formatted(directory.status(), launch));
        assertThatThrownBy(() -> driver.start(handle)).isInstanceOf(StartFailure.class);
        assertThat(lines(handle)).isEmpty();
    }

    @Test
    void otherUsersAndPrivilegesNeedTheOperatorsLeave() throws Exception {
        var driver = newDriver();
        assertThatThrownBy(() -> driver.prepare(with(script("as-root", "id"), "root", false)))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("user root")
                .hasMessageContaining("--allow-privileged");
        assertThatThrownBy(() -> driver.prepare(with(script("privileged", "id"), null, true)))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("privileged true");
    }

    @Test
    void asRootACommandRunsWithoutPrivilegesAndAlone() throws Exception {
        Needs.require(features().root() && features().namespaces(), "needs root and namespaces");
        var secret = data.resolve("tasks/alone/containers/main/launch");
        var printed = output(script(
                "alone",
                "id -un; grep NoNewPrivs /proc/self/status; ls -d /proc/[0-9]* | wc -l; cat " + secret
                        + " || echo closed"));
        assertThat(printed).contains("groundplane", "NoNewPrivs:\t1", "closed");
        assertThat(Integer.parseInt(printed.get(2).strip())).isLessThan(8);
    }

    @Test
    void asRootTheOperatorMayAllowMore() throws Exception {
        Needs.require(features().root(), "needs root");
        var driver = new HostDriver(data, tasks, HostProbe.probe(data, true));
        var root = started(driver, with(script("root", "id -un"), "root", false));
        driver.waitForExit(root);
        assertThat(lines(root)).containsExactly("root");
        var host = started(driver, with(script("host", "readlink /proc/self/ns/mnt"), null, true));
        driver.waitForExit(host);
        assertThat(lines(host))
                .containsExactly(
                        Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString());
    }

    @Test
    void volumesAreSeenWhereTheyAreMounted() throws Exception {
        Needs.require(features().namespaces(), "needs namespaces");
        var shared = data.resolve("shared");
        var target = Files.createDirectory(data.resolve("target"));
        var readOnly = Files.createDirectory(data.resolve("read-only"));
        var printed = output(with(
                script(
                        "volumes",
                        "echo written > %s/file && cat %s/file; touch %s/file || echo read-only; echo x > /mnt/s && echo s"
                                .formatted(target, readOnly, readOnly)),
                null,
                false,
                new Mount("shared", shared.toString(), target.toString(), false),
                new Mount("shared", shared.toString(), readOnly.toString(), true),
                new Mount("scratch", null, "/mnt", false)));
        assertThat(printed).contains("written", "read-only", "s");
        assertThat(shared.resolve("file")).hasContent("written");
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void aMountNeedsItsTargetOnTheHost() throws Exception {
        var driver = newDriver();
        var request = with(
                script("no-target", "true"), null, false, new Mount("v", data + "/v", "/no/such/directory", false));
        assertThatThrownBy(() -> driver.prepare(request))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("containerPath /no/such/directory");
    }

    @Test
    void whatTheHostCannotSetUpFailsTheStart() throws Exception {
        Needs.require(features().namespaces(), "needs namespaces");
        var driver = newDriver();
        var file = Files.writeString(data.resolve("file"), "not a directory");
        var handle = driver.prepare(with(
                script("bad-mount", "true"),
                null,
                false,
                new Mount(
                        "v",
                        file.toString(),
                        Files.createDirectory(data.resolve("t")).toString(),
                        false)));
        assertThatThrownBy(() -> driver.start(handle))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("mount");
    }

    @Test
    void aUlimitBindsTheCommand() throws Exception {
        var limited =
                request("ulimit", List.of("sh", "-c", "ulimit -n")).withUlimits(List.of(new Ulimit("nofile", 64, 64)));
        assertThat(output(limited)).containsExactly("64");
    }

    @Test
    void anUnknownUlimitIsNamed() throws Exception {
        var wrong = request("wrong-ulimit", List.of("true")).withUlimits(List.of(new Ulimit("files", 64, 64)));
        assertThatThrownBy(() -> newDriver().prepare(wrong))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("ulimit files: use one of core, cpu");
    }

    @Test
    void secretsAreOnNoDiskAndInMemoryOnlyWhileTheyAreNeeded() throws Exception {
        var driver = newDriver();
        var request = request("secret", List.of("sh", "-c", "echo \"got ${#S}\"; read -r line <" + fifo("secret")))
                .withSecrets(Map.of("S", "s3cret-canary"));
        var handle = driver.prepare(request);
        var command = Files.readSymbolicLink(directory(handle).launch());
        var entry = Files.readSymbolicLink(HostExecution.entryFile(directory(handle)));
        assertThat(command).content().contains("s3cret-canary");
        assertNoFileHasTheCanary();

        driver.start(handle);
        awaitLine(handle, "got 13");
        assertThat(command).doesNotExist();
        assertThat(driver.execute(handle, List.of("sh", "-c", "test ${#S} = 13"), Duration.ofSeconds(20)))
                .isZero();
        assertNoFileHasTheCanary();

        driver.stop(handle, Duration.ofSeconds(10));
        driver.waitForExit(handle);
        driver.destroy(handle);
        assertThat(entry.getParent()).doesNotExist();
        assertThat(command.getParent()).doesNotExist();
    }

    private Path fifo(String name) throws Exception {
        var fifo = Files.createDirectory(data.resolve("fifo-" + name)).resolve("f");
        assertThat(new ProcessBuilder("mkfifo", "-m", "666", fifo.toString())
                        .start()
                        .waitFor())
                .isZero();
        return fifo;
    }

    private void assertNoFileHasTheCanary() throws Exception {
        var grep = new ProcessBuilder("grep", "-r", "--devices=skip", "s3cret-canary", data.toString()).start();
        assertThat(grep.waitFor()).isEqualTo(1);
    }

    @Test
    void aSecretsNameIsOneThatAShellCanExport() throws Exception {
        var request = request("name", List.of("true")).withSecrets(Map.of("a.b", "s3cret-canary"));
        assertThatThrownBy(() -> newDriver().prepare(request))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("secret a.b")
                .hasMessageNotContaining("canary");
    }
}
