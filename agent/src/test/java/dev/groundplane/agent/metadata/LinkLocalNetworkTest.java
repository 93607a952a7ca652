package dev.groundplane.agent.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.agent.driver.host.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host and a container on its bridge, as two network namespaces of this test's own. Needs root and ip(8). */
@Timeout(60)
class LinkLocalNetworkTest {
    @TempDir
    Path data;

    private final String host = "gp-host-" + ProcessHandle.current().pid();
    private final String container = "gp-cont-" + ProcessHandle.current().pid();

    @BeforeEach
    void begin() throws IOException, InterruptedException {
        var able = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0) && run("ip", "-V") == 0;
        Needs.require(able && run("ip", "netns", "add", host) == 0, "needs root, ip(8) and network namespaces");
        for (var words : List.of(
                "ip netns add " + container,
                "ip -n " + host + " link set lo up",
                "ip -n " + host + " link add gp0 type veth peer name eth0 netns " + container,
                "ip -n " + host + " address add 10.250.0.1/24 dev gp0",
                "ip -n " + host + " link set gp0 up",
                "ip -n " + container + " address add 10.250.0.2/24 dev eth0",
                "ip -n " + container + " link set eth0 up",
                "ip -n " + container + " route add default via 10.250.0.1")) {
            assertThat(run(words.split(" "))).as(words).isZero();
        }
    }

    @AfterEach
    void end() throws IOException, InterruptedException {
        run("ip", "netns", "delete", container);
        run("ip", "netns", "delete", host);
    }

    private static int run(String... words) throws InterruptedException {
        try {
            return new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException absent) {
            return -1;
        }
    }

    private static Process java(String namespace, String... arguments) throws IOException {
        var words = new ArrayList<>(List.of(
                "ip",
                "netns",
                "exec",
                namespace,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LinkLocalProcess.class.getName()));
        words.addAll(List.of(arguments));
        return new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String line(Process process) throws IOException {
        return process.inputReader(StandardCharsets.UTF_8).readLine();
    }

    /** Starts an endpoint on the host, asks it from the container, and ends it. */
    private String answer() throws IOException, InterruptedException {
        var endpoint = java(host, "serve", data.toString());
        try {
            var uri = line(endpoint);
            assertThat(uri).startsWith("http://169.254.170.2:");
            return line(java(container, "ask", uri));
        } finally {
            endpoint.outputWriter(StandardCharsets.UTF_8).close();
            endpoint.waitFor();
        }
    }

    @Test
    void aContainerWithANetworkOfItsOwnGetsItsCredentialsAlsoFromANewAgent() throws Exception {
        assertThat(answer()).startsWith("200 ").contains("\"AccessKeyId\":\"ASIA1\"");
        assertThat(answer()).startsWith("200 ").contains("\"AccessKeyId\":\"ASIA1\"");
    }
}
