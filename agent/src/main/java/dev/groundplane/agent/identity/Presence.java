package dev.groundplane.agent.identity;

import dev.groundplane.agent.model.Json;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/** Tells the control plane every two minutes that this host is there and what it is, which also keeps its credentials fresh. */
public final class Presence implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Presence.class);
    private static final Duration PERIOD = Duration.ofMinutes(2);
    private static final Path OS_RELEASE = Path.of("/etc/os-release");
    /** Nothing is sent there: the port only completes an address to ask the routing table about. */
    private static final int ANY_PORT = 9;

    private final Enrollment enrollment;
    private final RotatingCredentials credentials;
    private final Endpoints endpoints;
    private final String agentVersion;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("presence").factory());

    /** @param endpoints where the control plane is */
    public Presence(Enrollment enrollment, RotatingCredentials credentials, Endpoints endpoints, String agentVersion) {
        this.enrollment = enrollment;
        this.credentials = credentials;
        this.endpoints = endpoints;
        this.agentVersion = agentVersion;
    }

    /** Begins; returns at once. */
    public void start() {
        var _ = timer.scheduleAtFixedRate(this::tell, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tell() {
        try {
            var release = release();
            var members = Json.MAPPER
                    .createObjectNode()
                    .put("InstanceId", enrollment.instanceId())
                    .put("AgentName", "groundplane-agent")
                    .put("AgentStatus", "Active")
                    .put("AgentVersion", agentVersion)
                    .put("ComputerName", InetAddress.getLocalHost().getHostName())
                    .put("IPAddress", address())
                    .put("PlatformType", "Linux")
                    .put("PlatformName", release.getOrDefault("NAME", "Linux"))
                    .put("PlatformVersion", release.getOrDefault("VERSION_ID", ""));
            enrollment.calls().signed("UpdateInstanceInformation", members, credentials.resolveCredentials());
        } catch (CallRefused | IOException | SdkException e) {
            log.debug("the control plane was not told of this host: {}", e.toString());
        }
    }

    private static Map<String, String> release() throws IOException {
        if (!Files.exists(OS_RELEASE)) {
            return Map.of();
        }
        return Files.readAllLines(OS_RELEASE).stream()
                .filter(line -> line.contains("="))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(part -> part[0], part -> part[1].replace("\"", ""), (one, other) -> other));
    }

    /** The address from which this host speaks to the control plane. */
    private String address() throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(endpoints.current().getHost(), ANY_PORT));
            return socket.getLocalAddress().getHostAddress();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
