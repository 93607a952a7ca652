package dev.groundplane.services.parallelcluster.model;

import dev.groundplane.platform.audit.RecordedResponse;
import java.util.List;

/** A cluster that is being made, and what there is to say about its configuration. */
public record CreateClusterResponse(ClusterInfoSummary cluster, List<ConfigValidationMessage> validationMessages)
        implements RecordedResponse {
    @Override
    public String recordJson() {
        return RecordJson.of("cluster", cluster);
    }
}
