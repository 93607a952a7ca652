package dev.groundplane.services.parallelcluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.services.parallelcluster.model.ClusterStatus;
import dev.groundplane.services.parallelcluster.model.ComputeFleetStatus;
import dev.groundplane.services.parallelcluster.model.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A cluster as it is stored, by its name.
 *
 * @param id see {@link SlurmCluster#id}
 * @param arn of its stack, whose last part begins with the id
 * @param firstUser see {@link SlurmCluster#firstUser}
 * @param configuration the file's text, which was found to be valid
 * @param rollback whether what could not be made is removed
 * @param created in milliseconds since 1970, as the other times
 * @param states of the nodes, as the head node told last; empty before it has
 * @param unavailable why a node cannot be had now, by its name
 * @param failures why it could not be made
 */
record HpcCluster(
        String id,
        String arn,
        int firstUser,
        String configuration,
        boolean rollback,
        ClusterStatus status,
        ComputeFleetStatus fleet,
        long created,
        long updated,
        long fleetChanged,
        Map<String, String> states,
        Map<String, String> unavailable,
        List<Failure> failures) {
    private static final ObjectMapper JSON = new ObjectMapper();

    HpcCluster {
        states = Map.copyOf(states);
        unavailable = Map.copyOf(unavailable);
        failures = List.copyOf(failures);
    }

    String encode() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always have a JSON form", e);
        }
    }

    static HpcCluster decode(String text) {
        try {
            return JSON.readValue(text, HpcCluster.class);
        } catch (JsonProcessingException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "a stored cluster is damaged: " + text, e);
        }
    }

    NodeReport report() {
        return new NodeReport(states);
    }

    /** Whether it has compute nodes when Slurm wants them. */
    boolean mayHaveNodes() {
        return switch (fleet) {
            case START_REQUESTED, STARTING, RUNNING -> true;
            case PROTECTED, STOP_REQUESTED, STOPPING, STOPPED, UNKNOWN -> false;
        };
    }

    HpcCluster with(ClusterStatus next, Instant now) {
        return with(next, fleet, now.toEpochMilli(), fleetChanged, states, unavailable, failures);
    }

    HpcCluster with(ComputeFleetStatus next, Instant now) {
        return with(status, next, updated, now.toEpochMilli(), states, unavailable, failures);
    }

    HpcCluster withStates(Map<String, String> next) {
        return with(status, fleet, updated, fleetChanged, next, unavailable, failures);
    }

    HpcCluster withUnavailable(Map<String, String> next) {
        return with(status, fleet, updated, fleetChanged, states, next, failures);
    }

    HpcCluster failed(Failure failure, Instant now) {
        return with(
                ClusterStatus.CREATE_FAILED,
                fleet,
                now.toEpochMilli(),
                fleetChanged,
                states,
                unavailable,
                List.of(failure));
    }

    private HpcCluster with(
            ClusterStatus nextStatus,
            ComputeFleetStatus nextFleet,
            long nextUpdated,
            long nextFleetChanged,
            Map<String, String> nextStates,
            Map<String, String> nextUnavailable,
            List<Failure> nextFailures) {
        return new HpcCluster(
                id,
                arn,
                firstUser,
                configuration,
                rollback,
                nextStatus,
                nextFleet,
                created,
                nextUpdated,
                nextFleetChanged,
                nextStates,
                nextUnavailable,
                nextFailures);
    }
}
