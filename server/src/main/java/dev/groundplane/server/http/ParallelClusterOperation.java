package dev.groundplane.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The operations of ParallelCluster 3's REST API, by method and path. Source: AWS ParallelCluster,
 * {@code api/spec/openapi/ParallelCluster.openapi.yaml}.
 */
@SuppressWarnings("ImmutableEnumChecker") // the collections are unmodifiable, which their types do not say
enum ParallelClusterOperation {
    LIST_CLUSTERS("ListClusters", "GET", "clusters", 200, Set.of("clusterStatus", "nextToken"), Set.of()),
    CREATE_CLUSTER(
            "CreateCluster",
            "POST",
            "clusters",
            202,
            Set.of("suppressValidators", "validationFailureLevel", "dryrun", "rollbackOnFailure"),
            Set.of("clusterName", "clusterConfiguration")),
    DESCRIBE_CLUSTER("DescribeCluster", "GET", "clusters/*", 200, Set.of(), Set.of()),
    DELETE_CLUSTER("DeleteCluster", "DELETE", "clusters/*", 202, Set.of(), Set.of()),
    DESCRIBE_COMPUTE_FLEET("DescribeComputeFleet", "GET", "clusters/*/computefleet", 200, Set.of(), Set.of()),
    UPDATE_COMPUTE_FLEET("UpdateComputeFleet", "PATCH", "clusters/*/computefleet", 200, Set.of(), Set.of("status")),
    DESCRIBE_CLUSTER_INSTANCES(
            "DescribeClusterInstances",
            "GET",
            "clusters/*/instances",
            200,
            Set.of("nodeType", "queueName", "nextToken"),
            Set.of()),

    UPDATE_CLUSTER("UpdateCluster", "PUT", "clusters/*"),
    DELETE_CLUSTER_INSTANCES("DeleteClusterInstances", "DELETE", "clusters/*/instances"),
    LIST_CLUSTER_LOG_STREAMS("ListClusterLogStreams", "GET", "clusters/*/logstreams"),
    GET_CLUSTER_LOG_EVENTS("GetClusterLogEvents", "GET", "clusters/*/logstreams/*"),
    GET_CLUSTER_STACK_EVENTS("GetClusterStackEvents", "GET", "clusters/*/stackevents"),
    LIST_IMAGES("ListImages", "GET", "images/custom"),
    BUILD_IMAGE("BuildImage", "POST", "images/custom"),
    DESCRIBE_IMAGE("DescribeImage", "GET", "images/custom/*"),
    DELETE_IMAGE("DeleteImage", "DELETE", "images/custom/*"),
    LIST_IMAGE_LOG_STREAMS("ListImageLogStreams", "GET", "images/custom/*/logstreams"),
    GET_IMAGE_LOG_EVENTS("GetImageLogEvents", "GET", "images/custom/*/logstreams/*"),
    GET_IMAGE_STACK_EVENTS("GetImageStackEvents", "GET", "images/custom/*/stackevents"),
    DESCRIBE_OFFICIAL_IMAGES("DescribeOfficialImages", "GET", "images/official");

    private static final String ANY_NAME = "*";

    private final String wireName;
    private final String method;
    private final List<String> pattern;
    private final boolean implemented;
    private final int successStatus;
    private final Set<String> parameters;
    private final Set<String> members;

    ParallelClusterOperation(
            String wireName,
            String method,
            String path,
            int successStatus,
            Set<String> parameters,
            Set<String> members) {
        this(wireName, method, path, true, successStatus, parameters, members);
    }

    ParallelClusterOperation(String wireName, String method, String path) {
        this(wireName, method, path, false, 501, Set.of(), Set.of());
    }

    ParallelClusterOperation(
            String wireName,
            String method,
            String path,
            boolean implemented,
            int successStatus,
            Set<String> parameters,
            Set<String> members) {
        this.wireName = wireName;
        this.method = method;
        this.pattern = segments("/v3/" + path).orElseThrow();
        this.implemented = implemented;
        this.successStatus = successStatus;
        this.parameters = parameters;
        this.members = members;
    }

    /**
     * The parts of a path that begins with {@code /}, decoded.
     *
     * @return empty when it is not percent-encoded rightly
     */
    static Optional<List<String>> segments(String rawPath) {
        try {
            return Optional.of(Stream.of(rawPath.substring(1).split("/", -1))
                    .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The operations that a path has, whatever the method. */
    static List<ParallelClusterOperation> at(List<String> segments) {
        return Stream.of(values())
                .filter(operation -> operation.matches(segments))
                .toList();
    }

    private boolean matches(List<String> segments) {
        if (segments.size() != pattern.size()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            boolean fits = pattern.get(i).equals(ANY_NAME)
                    ? !segments.get(i).isEmpty()
                    : pattern.get(i).equals(segments.get(i));
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** As the API's description and the audit trail call it. */
    String wireName() {
        return wireName;
    }

    /** The HTTP method. */
    String method() {
        return method;
    }

    /** Whether Groundplane has it. */
    boolean implemented() {
        return implemented;
    }

    /** The HTTP status of success. */
    int successStatus() {
        return successStatus;
    }

    /** The query's parameters, besides {@code region}, which all take. */
    Set<String> parameters() {
        return parameters;
    }

    /** The body's members; empty when it takes no body. */
    Set<String> members() {
        return members;
    }
}
