package dev.groundplane.server.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;

/** The local agent's identity, as its data directory keeps it. */
public final class AgentIdentity {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AgentIdentity() {}

    /** The managed instance as which the agent registered; empty when it has not. */
    public static Optional<String> instanceId(DataDirectory data) {
        try {
            String id = JSON.readTree(data.agentIdentity().toFile())
                    .path("instanceId")
                    .asText("");
            return id.isEmpty() ? Optional.empty() : Optional.of(id);
        } catch (IOException e) {
            return Optional.empty(); // never started, or damaged: then it registers anew
        }
    }
}
