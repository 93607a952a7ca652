package dev.groundplane.services.parallelcluster.model;

import dev.groundplane.platform.audit.RecordedResponse;

/** A cluster that is being removed. */
public record DeleteClusterResponse(ClusterInfoSummary cluster) implements RecordedResponse {
    @Override
    public String recordJson() {
        return RecordJson.of("cluster", cluster);
    }
}
