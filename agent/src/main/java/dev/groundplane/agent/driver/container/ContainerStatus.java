package dev.groundplane.agent.driver.container;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.agent.driver.ContainerExit;
import dev.groundplane.agent.driver.Inspection.Binding;
import java.util.ArrayList;
import java.util.List;

/** What the engine says of a container: the answer to {@code GET /containers/NAME/json}. */
record ContainerStatus(JsonNode answer) {
    private static final String OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage";
    /** The ports that a container in the host's network listens on; engines do not keep them all. */
    static final String PORTS_LABEL = "dev.groundplane.ports";

    private static final String EVERY_ADDRESS = "0.0.0.0";
    /** How engines write that something has not happened. */
    private static final String NEVER = "0001-01-01";

    String id() {
        return answer.path("Id").asText();
    }

    /** The id of the image that it was made from. */
    String image() {
        return answer.path("Image").asText();
    }

    long pid() {
        return state().path("Pid").asLong();
    }

    boolean neverStarted() {
        return !runs() && state().path("StartedAt").asText(NEVER).startsWith(NEVER);
    }

    /** Whether it has a process, be it frozen or about to end. */
    boolean runs() {
        return state().path("Running").asBoolean()
                || state().path("Paused").asBoolean()
                || state().path("Restarting").asBoolean()
                || state().path("Status").asText().equals("stopping");
    }

    /** How it ended. */
    ContainerExit exit() {
        var code = state().path("ExitCode").asInt();
        return new ContainerExit(code, ranOutOfMemory(code) ? OUT_OF_MEMORY : null);
    }

    private boolean ranOutOfMemory(int code) {
        return state().path("OOMKilled").asBoolean()
                || (code == ContainerExit.KILLED
                        && answer.path("HostConfig").path("Memory").asLong() > 0
                        && KernelLog.saysOutOfMemory(id()));
    }

    /** The ports of the host that lead to it; with the host's own network, those that it was said to listen on. */
    List<Binding> bindings() {
        var bindings = new ArrayList<Binding>();
        if (answer.path("HostConfig").path("NetworkMode").asText().equals("host")) {
            var ports = answer.path("Config").path("Labels").path(PORTS_LABEL).asText("");
            for (var port : ports.isEmpty() ? new String[0] : ports.split(" ")) {
                bindings.add(new Binding(EVERY_ADDRESS, port(port), port(port), protocol(port)));
            }
            return bindings;
        }
        answer.path("NetworkSettings").path("Ports").properties().forEach(entry -> {
            for (var published : entry.getValue()) {
                var address = published.path("HostIp").asText();
                bindings.add(new Binding(
                        address.isEmpty() ? EVERY_ADDRESS : address,
                        port(entry.getKey()),
                        published.path("HostPort").asInt(),
                        protocol(entry.getKey())));
            }
        });
        return bindings;
    }

    private JsonNode state() {
        return answer.path("State");
    }

    /** Of {@code 80/tcp}. */
    private static int port(String text) {
        return Integer.parseInt(text.split("/", 2)[0]);
    }

    private static String protocol(String text) {
        return text.contains("/") ? text.split("/", 2)[1] : "tcp";
    }
}
