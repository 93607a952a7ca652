package dev.groundplane.agent.driver.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.agent.driver.Inspection;
import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.LaunchRequest.Docker;
import dev.groundplane.agent.driver.LaunchRequest.Image;
import dev.groundplane.agent.driver.LaunchRequest.Limits;
import dev.groundplane.agent.driver.LaunchRequest.Mount;
import dev.groundplane.agent.driver.LaunchRequest.Network;
import dev.groundplane.agent.driver.LaunchRequest.Port;
import dev.groundplane.agent.driver.LaunchRequest.Program;
import dev.groundplane.agent.driver.LaunchRequest.RegistryCredentials;
import dev.groundplane.agent.driver.LaunchRequest.Ulimit;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.driver.TaskDriver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What is particular to containers from images. */
class ContainerDriverTest extends ContainerDriverTestBase {
    private static final int MANY = 25;
    private static final String LONG_LIVED = "echo ready; trap 'exit 0' TERM; while :; do sleep 0.1; done";

    private static LaunchRequest with(LaunchRequest base, Network network, Docker docker) {
        return new LaunchRequest(
                base.taskId(),
                base.container(),
                base.attempt(),
                base.image(),
                base.program(),
                base.taskLimits(),
                base.limits(),
                base.ulimits(),
                base.mounts(),
                network,
                docker);
    }

    private static LaunchRequest with(LaunchRequest base, Docker docker) {
        return with(base, base.network(), docker);
    }

    private static LaunchRequest as(LaunchRequest base, String user, String directory) {
        var program =
                new Program(base.program().entryPoint(), base.program().command(), Map.of(), user, directory, false);
        return LaunchRequest.of(base.taskId(), base.container(), base.image(), program);
    }

    private List<String> output(LaunchRequest request) throws Exception {
        return output(newDriver(), request);
    }

    private List<String> output(TaskDriver driver, LaunchRequest request) throws Exception {
        var handle = started(driver, request);
        driver.waitForExit(handle);
        var lines = lines(handle);
        driver.destroy(handle);
        return lines;
    }

    private void assertRefused(LaunchRequest request, String... words) throws Exception {
        var driver = newDriver();
        assertThatThrownBy(() -> started(driver, request))
                .isInstanceOf(StartFailure.class)
                .satisfies(failure -> assertThat(failure.getMessage()).contains(words));
    }

    @Test
    void anImageThatIsNotThereIsNamed() throws Exception {
        assertRefused(
                script("no-local", "true").withImage(new Image("localhost/no-such-image:7", null)),
                "CannotPullContainerError",
                "localhost/no-such-image:7");
    }

    @Test
    void aRegistryThatDoesNotAnswerIsNamed() throws Exception {
        int port;
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        var image = "127.0.0.1:" + port + "/some/image:1";
        assertRefused(
                script("no-registry", "true").withImage(new Image(image, new RegistryCredentials("me", "secret"))),
                "CannotPullContainerError",
                image);
    }

    @Test
    void aCommandThatIsNotThereFailsTheStart() throws Exception {
        assertRefused(request("missing", List.of("no-such-program")), "CannotStartContainerError", "no-such-program");
    }

    @Test
    void wordsAndEnvironmentArriveAsTheyWere() throws Exception {
        var odd = "it's \"odd\" $HOME `date` \\ é\nsecond line";
        assertThat(output(request("words", List.of("printf", "%s\\n", odd))))
                .containsExactly("it's \"odd\" $HOME `date` \\ Ã©", "second line");
        assertThat(output(request("environment", List.of("env"))
                        .withEnvironment(Map.of("ODD", odd, "with.dot", "dotted", "EMPTY", ""))))
                .containsSubsequence("ODD=it's \"odd\" $HOME `date` \\ Ã©", "second line")
                .contains("with.dot=dotted", "EMPTY=");
    }

    @Test
    void userAndWorkingDirectoryAreTheRequests() throws Exception {
        assertThat(output(as(script("user", "id -u; pwd"), "1000", "/mnt"))).containsExactly("1000", "/mnt");
        assertThat(output(as(script("named-user", "id -un"), "alice", null))).containsExactly("alice");
    }

    @Test
    void moreMemoryThanTheLimitEndsIt() throws Exception {
        var driver = newDriver();
        var handle = started(
                driver,
                script("greedy", "dd if=/dev/zero of=/dev/null bs=512M count=1")
                        .withLimits(Limits.NONE, new Limits(0, 16)));
        var exit = driver.waitForExit(handle);
        assertThat(exit.exitCode()).isEqualTo(137);
        assertThat(exit.reason()).isEqualTo("OutOfMemoryError: Container killed due to memory usage");
    }

    @Test
    void limitsAreSet() throws Exception {
        var request = script(
                        "limits",
                        "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/cpu/cpu.shares 2>/dev/null"
                                + " || cat /sys/fs/cgroup/memory.max; ulimit -n")
                .withLimits(new Limits(0, 64), new Limits(256, 0))
                .withUlimits(List.of(new Ulimit("nofile", 100, 200)));
        assertThat(output(request)).contains("67108864", "100");
    }

    @Test
    void aUlimitThatTheHostDoesNotGrantFailsTheStart() throws Exception {
        var huge = script("huge", "true").withUlimits(List.of(new Ulimit("nofile", 1 << 30, 1 << 30)));
        assertRefused(huge, "CannotStartContainerError", "rlimit");
    }

    @Test
    void volumesAreSeenWhereTheyAreMounted() throws Exception {
        var shared = Files.createDirectory(data.resolve("shared"));
        var mounts = List.of(
                new Mount("shared", shared.toString(), "/shared", false),
                new Mount("shared", shared.toString(), "/fixed", true),
                new Mount("new", data.resolve("new").toString(), "/new", false),
                new Mount("scratch", null, "/scratch", false));
        assertThat(output(script(
                                "volumes",
                                "echo w > /shared/f && cat /fixed/f; touch /fixed/g || echo read-only;"
                                        + " echo s > /scratch/s && cat /scratch/s; touch /new/file")
                        .withMounts(mounts)))
                .contains("w", "read-only", "s");
        assertThat(shared.resolve("f")).hasContent("w\n");
        assertThat(data.resolve("new/file")).exists();
        assertThat(tasks.resolve("volumes/volumes/scratch/s")).exists();
    }

    @Test
    void portsAreReachableAndTold() throws Exception {
        var network = new Network("bridge", List.of(new Port(8080, 0, "tcp"), new Port(5353, 0, "udp")));
        var driver = newDriver();
        var handle = started(
                driver, with(script("ports", "echo ready; exec nc -l -p 8080 -e echo hello"), network, Docker.NOTHING));
        awaitLine(handle, "ready");
        var running = (Inspection.Running) driver.inspect(handle);
        assertThat(running.bindings())
                .extracting(Inspection.Binding::containerPort)
                .contains(8080, 5353);
        var tcp = running.bindings().stream()
                .filter(binding -> binding.protocol().equals("tcp"))
                .findFirst()
                .orElseThrow();
        assertThat(tcp.bindIp()).isEqualTo("0.0.0.0");
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.hostPort()), 5000);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("hello\n");
        }
        assertThat(driver.waitForExit(handle).exitCode()).isZero();
    }

    @Test
    void theHostsNetworkIsToBeHad() throws Exception {
        var network = new Network("host", List.of(new Port(18081, 0, "tcp")));
        var driver = newDriver();
        var handle = started(driver, with(script("host-network", LONG_LIVED), network, Docker.NOTHING));
        awaitLine(handle, "ready");
        assertThat(((Inspection.Running) driver.inspect(handle)).bindings())
                .containsExactly(new Inspection.Binding("0.0.0.0", 18081, 18081, "tcp"));
    }

    @Test
    void dockersOwnSettingsAreHonoured() throws Exception {
        var docker = new Docker(
                "{\"Hostname\": \"harbour\", \"Labels\": {\"team\": \"risk\"}, \"Healthcheck\": {\"Test\": [\"CMD\", \"x\"]}}",
                """
                {"ReadonlyRootfs": true, "Init": false, "ShmSize": 1048576, "Tmpfs": {"/tmp": "size=65536k"},
                 "ExtraHosts": ["ledger:10.1.2.3"], "CapDrop": ["CHOWN"], "Privileged": false, "Devices": [],
                 "LogConfig": {"Type": "awslogs", "Config": {"awslogs-group": "g"}}}""");
        var script = "hostname; touch /root/x || echo read-only; touch /tmp/x && echo tmpfs; grep ledger /etc/hosts;"
                + " grep CapEff /proc/self/status; df -k /dev/shm | tail -1";
        var lines = output(with(script("docker", script), docker));
        assertThat(lines).contains("harbour", "read-only", "tmpfs");
        assertThat(lines).anyMatch(line -> line.startsWith("10.1.2.3"));
        var capabilities = lines.stream()
                .filter(line -> line.startsWith("CapEff"))
                .findFirst()
                .orElseThrow();
        assertThat(Long.parseLong(capabilities.split("\t")[1], 16) & 1).isZero();
    }

    @Test
    void powersOverTheHostNeedTheOperatorsLeave() throws Exception {
        var refused = Map.of(
                "CapAdd", "{\"CapAdd\": [\"NET_BIND_SERVICE\", \"SYS_ADMIN\"]}",
                "Devices", "{\"Devices\": [{\"PathOnHost\": \"/dev/null\", \"PathInContainer\": \"/dev/x\"}]}",
                "SecurityOpt", "{\"SecurityOpt\": [\"seccomp=unconfined\"]}",
                "PidMode", "{\"PidMode\": \"host\"}");
        for (var one : refused.entrySet()) {
            assertRefused(
                    with(script("refused", "true"), new Docker(null, one.getValue())),
                    one.getKey(),
                    "--allow-privileged");
        }
        assertThat(output(
                        driver(true),
                        with(script("allowed", "echo ok"), new Docker(null, "{\"CapAdd\": [\"SYS_NICE\"]}"))))
                .containsExactly("ok");
        assertThat(output(with(script("default", "echo ok"), new Docker(null, "{\"CapAdd\": [\"CHOWN\"]}"))))
                .containsExactly("ok");
    }

    @Test
    void whatIsNotActedOnIsRefusedByName() throws Exception {
        assertRefused(
                with(script("unknown", "true"), new Docker(null, "{\"Binds\": [\"/etc:/etc\"]}")),
                "Binds",
                "/etc:/etc");
        assertRefused(with(script("no-json", "true"), new Docker("{", null)), "dockerConfig.config");
        assertRefused(
                with(script("awsvpc", "true"), new Network("awsvpc", List.of()), Docker.NOTHING), "networkMode awsvpc");
    }

    @Test
    void manyRunAtOnce() throws Exception {
        var driver = newDriver();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var codes = new ArrayList<Future<Integer>>();
            for (var number = 0; number < MANY; number++) {
                var request = script("many-" + number, "echo " + number + "; exit " + number);
                codes.add(threads.submit(() -> {
                    var handle = started(driver, request);
                    var code = driver.waitForExit(handle).exitCode();
                    assertThat(lines(handle)).containsExactly(Integer.toString(code));
                    driver.destroy(handle);
                    return code;
                }));
            }
            for (var number = 0; number < MANY; number++) {
                assertThat(codes.get(number).get()).isEqualTo(number);
            }
        }
        assertThat(engine.engine().namesLabelled("dev.groundplane.task")).isEmpty();
    }

    @Test
    void aContainerThatSomebodyRemovesIsToldAsSuch() throws Exception {
        var driver = newDriver();
        var handle = started(driver, script("removed", LONG_LIVED));
        awaitLine(handle, "ready");
        engine.engine().remove(ContainerName.of(handle).inEngine());
        assertThat(driver.waitForExit(handle).exitCode()).isEqualTo(137);
        assertThat(newDriver().recover(handle))
                .isInstanceOfSatisfying(
                        Inspection.Exited.class,
                        exited -> assertThat(exited.exit().reason()).contains("removed"));
        driver.destroy(handle);
    }
}
