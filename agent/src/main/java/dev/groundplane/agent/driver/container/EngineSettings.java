package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.driver.LaunchRequest.Ulimit;
import java.io.IOException;
import java.util.List;

/**
 * How the agent uses its engine.
 *
 * @param pullBehavior when images are pulled
 * @param privilegedAllowed whether the operator allows containers to have powers over the host
 * @param hardLimits the agent's own limits of single processes, above which Podman's service cannot give any
 */
public record EngineSettings(PullBehavior pullBehavior, boolean privilegedAllowed, List<Ulimit> hardLimits) {
    /** Keeps its own copy of the list. */
    public EngineSettings {
        hardLimits = List.copyOf(hardLimits);
    }

    /** Settings for this process. */
    public static EngineSettings here(PullBehavior pullBehavior, boolean privilegedAllowed) throws IOException {
        return new EngineSettings(pullBehavior, privilegedAllowed, Ulimits.ofThisProcess());
    }
}
