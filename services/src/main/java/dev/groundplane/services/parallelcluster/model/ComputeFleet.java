package dev.groundplane.services.parallelcluster.model;

import dev.groundplane.platform.audit.RecordedResponse;
import java.time.Instant;

/** Whether a cluster may have compute nodes, and since when that is known. */
public record ComputeFleet(ComputeFleetStatus status, Instant lastStatusUpdatedTime) implements RecordedResponse {
    @Override
    public String recordJson() {
        return RecordJson.of("status", status);
    }
}
