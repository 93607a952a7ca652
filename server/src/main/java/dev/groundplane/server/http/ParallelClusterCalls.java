package dev.groundplane.server.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.groundplane.services.parallelcluster.ParallelClusterApi;
import dev.groundplane.services.parallelcluster.ParallelClusterException;
import dev.groundplane.services.parallelcluster.model.ClusterStatus;
import dev.groundplane.services.parallelcluster.model.ComputeFleetStatus;
import dev.groundplane.services.parallelcluster.model.CreateClusterRequest;
import dev.groundplane.services.parallelcluster.model.DescribeClusterInstancesRequest;
import dev.groundplane.services.parallelcluster.model.ListClustersRequest;
import dev.groundplane.services.parallelcluster.model.NodeType;
import dev.groundplane.services.parallelcluster.model.ValidationLevel;
import dev.groundplane.wire.WireException;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/** ParallelCluster's operations between requests and JSON on the one side and {@link ParallelClusterApi} on the other. */
final class ParallelClusterCalls {
    private static final Pattern VALIDATORS = Pattern.compile("ALL|type:[A-Za-z0-9]+");
    /** What is gone is not listed, so nobody can ask for it. */
    private static final Set<ClusterStatus> LISTED = EnumSet.complementOf(EnumSet.of(ClusterStatus.DELETE_COMPLETE));

    private static final Set<ComputeFleetStatus> REQUESTED =
            EnumSet.of(ComputeFleetStatus.START_REQUESTED, ComputeFleetStatus.STOP_REQUESTED);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .addModule(new SimpleModule().addSerializer(Instant.class, new Times()))
            .build();

    private ParallelClusterCalls() {}

    /**
     * Carries out an operation.
     *
     * @return what it answers, a record of the model
     * @throws ParallelClusterException to refuse
     */
    static Object make(ParallelClusterOperation operation, ParallelClusterRequest request, ParallelClusterApi api) {
        return switch (operation) {
            case LIST_CLUSTERS ->
                api.listClusters(new ListClustersRequest(
                        request.choices("clusterStatus", LISTED),
                        request.parameter("nextToken").orElse(null)));
            case CREATE_CLUSTER -> api.createCluster(creation(request));
            case DESCRIBE_CLUSTER -> api.describeCluster(request.clusterName());
            case DELETE_CLUSTER -> api.deleteCluster(request.clusterName());
            case DESCRIBE_COMPUTE_FLEET -> api.describeComputeFleet(request.clusterName());
            case UPDATE_COMPUTE_FLEET -> api.updateComputeFleet(request.clusterName(), fleetStatus(request));
            case DESCRIBE_CLUSTER_INSTANCES ->
                api.describeClusterInstances(new DescribeClusterInstancesRequest(
                        request.clusterName(),
                        request.choice("nodeType", EnumSet.allOf(NodeType.class))
                                .orElse(null),
                        request.parameter("queueName").orElse(null),
                        request.parameter("nextToken").orElse(null)));
            case UPDATE_CLUSTER,
                    DELETE_CLUSTER_INSTANCES,
                    LIST_CLUSTER_LOG_STREAMS,
                    GET_CLUSTER_LOG_EVENTS,
                    GET_CLUSTER_STACK_EVENTS,
                    LIST_IMAGES,
                    BUILD_IMAGE,
                    DESCRIBE_IMAGE,
                    DELETE_IMAGE,
                    LIST_IMAGE_LOG_STREAMS,
                    GET_IMAGE_LOG_EVENTS,
                    GET_IMAGE_STACK_EVENTS,
                    DESCRIBE_OFFICIAL_IMAGES -> throw notImplemented(operation);
        };
    }

    /** The refusal of an operation that AWS has and Groundplane has not. */
    static WireException notImplemented(ParallelClusterOperation operation) {
        return WireException.of(
                "NotImplementedException", 501, operation.wireName() + " is not implemented by Groundplane");
    }

    private static CreateClusterRequest creation(ParallelClusterRequest request) {
        return new CreateClusterRequest(
                request.member("clusterName"),
                request.member("clusterConfiguration"),
                request.texts("suppressValidators", VALIDATORS),
                request.choice("validationFailureLevel", EnumSet.allOf(ValidationLevel.class))
                        .orElse(ValidationLevel.ERROR),
                request.flag("dryrun", false),
                request.flag("rollbackOnFailure", true));
    }

    private static ComputeFleetStatus fleetStatus(ParallelClusterRequest request) {
        String status = request.member("status");
        if (status == null) {
            throw ParallelClusterException.badRequest("'status' is a required property");
        }
        return ParallelClusterRequest.oneOf("status", status, REQUESTED);
    }

    /** What an operation answers, as JSON: members that are null are left out. */
    static byte[] encode(Object answer) {
        try {
            return JSON.writeValueAsBytes(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of the model always have a JSON form", e);
        }
    }

    /** Times with milliseconds, also where they are none, as the API's encoder writes them. */
    private static final class Times extends JsonSerializer<Instant> {
        private static final DateTimeFormatter FORM =
                DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

        @Override
        public void serialize(Instant time, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(FORM.format(time));
        }
    }
}
