package dev.groundplane.server.http;

import static dev.groundplane.server.http.FrontDoorFixture.json;
import static dev.groundplane.server.http.FrontDoorFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.platform.audit.AuditRecord;
import dev.groundplane.services.parallelcluster.model.ValidationLevel;
import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.WireResponse;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;

/** ParallelCluster's REST API over HTTP: what is asked, answered, refused and recorded. */
class ParallelClusterDoorTest {
    private static final String CREATION = "{\"clusterName\":\"c1\",\"clusterConfiguration\":\"Region: eu-west-1\\n\"}";

    private final ClustersInMemory clusters = new ClustersInMemory();
    private FrontDoorFixture fixture;
    private ParallelClusterDoor door;

    @BeforeEach
    void open(@TempDir Path directory) {
        fixture = new FrontDoorFixture(directory);
        door = fixture.clusters(clusters::on);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aClusterIsCreatedAsAskedFor() {
        WireResponse response = call(
                "POST",
                "/v3/clusters?suppressValidators=type:A&suppressValidators=type%3AB&rollbackOnFailure=false"
                        + "&validationFailureLevel=WARNING&dryrun=false",
                CREATION);

        assertThat(response.status()).isEqualTo(202);
        assertThat(response.headers()).containsEntry("Content-Type", "application/json");
        JsonNode answer = json(text(response));
        assertThat(answer.at("/cluster/clusterName").asText()).isEqualTo("c1");
        assertThat(answer.at("/cluster/region").asText()).as("the signature's").isEqualTo("eu-west-1");
        assertThat(answer.at("/cluster/clusterStatus").asText()).isEqualTo("CREATE_IN_PROGRESS");
        assertThat(answer.at("/cluster/scheduler/type").asText()).isEqualTo("slurm");
        assertThat(answer.at("/validationMessages/0/level").asText()).isEqualTo("WARNING");
        assertThat(clusters.lastCreation.clusterConfiguration()).isEqualTo("Region: eu-west-1\n");
        assertThat(clusters.lastCreation.suppressValidators()).containsExactly("type:A", "type:B");
        assertThat(clusters.lastCreation.validationFailureLevel()).isEqualTo(ValidationLevel.WARNING);
        assertThat(clusters.lastCreation.rollbackOnFailure()).isFalse();

        AuditRecord record = onlyRecord(response);
        assertThat(record.source()).isEqualTo("parallelcluster.amazonaws.com");
        assertThat(record.name()).isEqualTo("CreateCluster");
        assertThat(record.readOnly()).isFalse();
        assertThat(json(record.body()).at("/requestParameters/clusterName").asText())
                .isEqualTo("c1");
        assertThat(json(record.body())
                        .at("/requestParameters/suppressValidators/1")
                        .asText())
                .isEqualTo("type:B");
        assertThat(fixture.counted()).containsEntry("parallelcluster CreateCluster OK", 1L);
    }

    @Test
    void whatIsNotSaidIsAsAwsHasIt() {
        call("POST", "/v3/clusters", "{\"clusterName\":\"c1\"}");

        assertThat(clusters.lastCreation.clusterConfiguration()).isNull();
        assertThat(clusters.lastCreation.suppressValidators()).isEmpty();
        assertThat(clusters.lastCreation.validationFailureLevel()).isEqualTo(ValidationLevel.ERROR);
        assertThat(clusters.lastCreation.dryrun()).isFalse();
        assertThat(clusters.lastCreation.rollbackOnFailure()).isTrue();
    }

    @Test
    void clustersAreListedByTheirStatus() {
        call("POST", "/v3/clusters", CREATION);

        assertThat(text(call("GET", "/v3/clusters")))
                .contains("\"clusterName\":\"c1\"")
                .doesNotContain("nextToken");
        assertThat(text(call("GET", "/v3/clusters?clusterStatus=DELETE_FAILED&clusterStatus=CREATE_COMPLETE")))
                .contains("\"clusterName\":\"c1\"");
        assertThat(text(call("GET", "/v3/clusters?clusterStatus=DELETE_FAILED")))
                .isEqualTo("{\"clusters\":[]}");
    }

    @Test
    void aDescriptionHasTimesAsAwsWritesThemAndNoNulls() {
        call("POST", "/v3/clusters", CREATION);

        WireResponse response = call("GET", "/v3/clusters/c1");

        assertThat(response.status()).isEqualTo(200);
        JsonNode answer = json(text(response));
        assertThat(answer.path("creationTime").asText()).isEqualTo("2026-01-15T12:00:00.000Z");
        assertThat(answer.path("lastUpdatedTime").asText()).isEqualTo("2026-01-15T12:00:00.001Z");
        assertThat(answer.path("cloudFormationStackStatus").asText()).isEqualTo("CREATE_COMPLETE");
        assertThat(answer.path("tags").path(0).path("value").asText()).isEqualTo("v");
        assertThat(answer.has("headNode")).isFalse();
        assertThat(answer.has("failures")).isFalse();
    }

    @Test
    void aDeletedClusterIsNotFound() {
        call("POST", "/v3/clusters", CREATION);

        assertThat(call("DELETE", "/v3/clusters/c1").status()).isEqualTo(202);
        WireResponse response = call("GET", "/v3/clusters/c1");

        assertMessage(response, 404, "Cluster 'c1' does not exist");
        assertThat(fixture.counted()).containsEntry("parallelcluster DescribeCluster NotFoundException", 1L);
    }

    @Test
    void theFleetIsStoppedAndShown() {
        call("POST", "/v3/clusters", CREATION);

        WireResponse stopped = call("PATCH", "/v3/clusters/c1/computefleet", "{\"status\":\"STOP_REQUESTED\"}");

        assertThat(stopped.status()).isEqualTo(200);
        assertThat(text(stopped))
                .isEqualTo("{\"status\":\"STOP_REQUESTED\",\"lastStatusUpdatedTime\":\"2026-01-15T12:00:00.000Z\"}");
        assertThat(text(call("GET", "/v3/clusters/c1/computefleet"))).isEqualTo(text(stopped));
    }

    @Test
    void instancesAreAskedForByTypeAndQueue() {
        call("POST", "/v3/clusters", CREATION);

        JsonNode answer =
                json(text(call("GET", "/v3/clusters/c1/instances?nodeType=ComputeNode&queueName=q1&nextToken=t")));

        assertThat(answer.at("/instances/0/nodeType").asText()).isEqualTo("ComputeNode");
        assertThat(answer.at("/instances/0/queueName").asText()).isEqualTo("q1");
        assertThat(answer.at("/instances/0/launchTime").asText()).isEqualTo("2026-01-15T12:00:00.000Z");
        assertThat(answer.path("nextToken").asText()).isEqualTo("t");
    }

    @Test
    void theRegionAskedForCountsBeforeTheSignatures() {
        WireResponse response = call("POST", "/v3/clusters?region=us-east-1", CREATION);

        assertThat(json(text(response)).at("/cluster/region").asText()).isEqualTo("us-east-1");
        assertThat(onlyRecord(response).region()).isEqualTo("us-east-1");
        assertThat(text(call("GET", "/v3/clusters"))).isEqualTo("{\"clusters\":[]}");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, clusters/c1, UpdateCluster",
        "DELETE, clusters/c1/instances, DeleteClusterInstances",
        "GET, clusters/c1/logstreams, ListClusterLogStreams",
        "GET, clusters/c1/logstreams/a%2Fb, GetClusterLogEvents",
        "GET, clusters/c1/stackevents, GetClusterStackEvents",
        "GET, images/custom?imageStatus=AVAILABLE, ListImages",
        "POST, images/custom, BuildImage",
        "GET, images/custom/i1, DescribeImage",
        "DELETE, images/custom/i1, DeleteImage",
        "GET, images/custom/i1/logstreams, ListImageLogStreams",
        "GET, images/custom/i1/logstreams/s, GetImageLogEvents",
        "GET, images/custom/i1/stackevents, GetImageStackEvents",
        "GET, images/official, DescribeOfficialImages"
    })
    void whatIsNotImplementedIsNamed(String method, String path, String operation) {
        WireResponse response = call(method, "/v3/" + path);

        assertThat(response.status()).isEqualTo(501);
        assertThat(text(response))
                .isEqualTo("{\"message\":\"%s is not implemented by Groundplane\"}".formatted(operation));
        assertThat(onlyRecord(response).name()).isEqualTo(operation);
        assertThat(fixture.counted()).containsEntry("parallelcluster other NotImplementedException", 1L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v3", "/v3/", "/v2/clusters", "/v3/clusters/", "/v3/clusters/c1/none"})
    void aPathThatIsNotThereIsNotFound(String path) {
        assertMessage(call("GET", path), 404, "ParallelCluster's API has no path " + path);
    }

    @Test
    void aPathThatIsNotEncodedRightlyIsNotThere() {
        assertThat(ParallelClusterOperation.segments("/v3/%zz")).isEmpty();
        assertThat(ParallelClusterOperation.segments("/v3/a+%2Fb")).contains(List.of("v3", "a+/b"));
    }

    @Test
    void aMethodThatThePathDoesNotHaveIsNotAllowed() {
        WireResponse response = call("POST", "/v3/clusters/c1");

        assertMessage(response, 405, "/v3/clusters/c1 does not have the method POST, but DELETE, GET, PUT");
        assertThat(response.headers()).containsEntry("Allow", "DELETE, GET, PUT");
        assertThat(onlyRecord(response).name()).isEqualTo("POST");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "GET, /v3/clusters?color=red, ListClusters has no query parameter 'color'",
                "GET, /v3/clusters?clusterStatus=GOOD, 'GOOD' is not one of",
                "GET, /v3/clusters?clusterStatus=DELETE_COMPLETE, 'DELETE_COMPLETE' is not one of",
                "GET, /v3/clusters?nextToken=a&nextToken=b, 'nextToken' is given more than once",
                "GET, /v3/clusters?region=eu-west-1&region=us-east-1, 'region' is given more than once",
                "GET, /v3/clusters?region=the%3Amoon, invalid or unsupported region 'the:moon'",
                "GET, /v3/clusters/c1?dryrun=true, DescribeCluster has no query parameter 'dryrun'",
                "GET, /v3/clusters/c_1, 'c_1' does not match",
                "GET, /v3/clusters/c1%2Fcomputefleet, 'c1/computefleet' does not match",
                "GET, /v3/clusters/c1/instances?nodeType=headnode, 'headnode' is not one of",
                "POST, /v3/clusters?dryrun=True, 'dryrun'",
                "POST, /v3/clusters?rollbackOnFailure=1, 'rollbackOnFailure'",
                "POST, /v3/clusters?suppressValidators=NONE, 'NONE' does not match",
                "POST, /v3/clusters?validationFailureLevel=error, 'error' is not one of"
            })
    void whatCannotBeAskedForIsRefusedByName(String method, String path, String message) {
        WireResponse response = call(method, path, method.equals("POST") ? CREATION : "");

        assertMessage(response, 400, "Bad Request: ");
        assertThat(text(response)).contains(message);
        assertThat(onlyRecord(response).body()).contains("BadRequestException");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|request body is required",
                "[]|must be a JSON object",
                "{|is not JSON",
                "{\"clusterName\":\"a\",\"clusterName\":\"b\"}|is not JSON",
                "{} {}|is not JSON",
                "{\"clusterName\":1}|expected 'string' for member 'clusterName'",
                "{\"clusterName\":\"a\",\"tags\":\"b\"}|CreateCluster has no member 'tags'"
            })
    void aBodyThatIsNoneOfTheApisIsRefused(String body, String message) {
        WireResponse response = call("POST", "/v3/clusters", body);

        assertMessage(response, 400, "Bad Request: ");
        assertThat(text(response)).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|'status' is a required property",
                "{\"status\":\"RUNNING\"}|'RUNNING' is not one of [START_REQUESTED, STOP_REQUESTED]"
            })
    void aFleetStatusThatCannotBeRequestedIsRefused(String body, String message) {
        assertMessage(call("PATCH", "/v3/clusters/c1/computefleet", body), 400, "Bad Request: " + message);
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        String body = "{\"clusterConfiguration\":\"%s\"}".formatted("x".repeat(1024 * 1024));

        assertMessage(call("POST", "/v3/clusters", body), 413, "the body is larger than 1048576 bytes");
    }

    @Test
    void problemsOfAConfigurationAreListed() {
        JsonNode invalid =
                json(text(call("POST", "/v3/clusters", "{\"clusterName\":\"c1\",\"clusterConfiguration\":\"wrong\"}")));
        assertThat(invalid.path("message").asText()).isEqualTo("Bad Request: Configuration is invalid");
        assertThat(invalid.at("/configurationValidationErrors/0/id").asText())
                .isEqualTo("Scheduling/SlurmQueues[0]/Name");
        assertThat(invalid.at("/configurationValidationErrors/0/type").asText()).isEqualTo("NameValidator");
        assertThat(invalid.at("/configurationValidationErrors/1").has("id")).isFalse();
        assertThat(invalid.has("validationMessages")).isFalse();

        WireResponse passed = call("POST", "/v3/clusters?dryrun=true", CREATION);
        assertMessage(passed, 412, "Request would have succeeded, but DryRun flag is set.");
        assertThat(json(text(passed)).at("/validationMessages/0/message").asText())
                .isEqualTo("is odd");
        assertThat(json(text(passed)).has("configurationValidationErrors")).isFalse();
    }

    @Test
    void aDefectIsAnsweredWithTheRequestsId() {
        call("POST", "/v3/clusters", CREATION);

        WireResponse response = call("GET", "/v3/clusters/c1/instances?queueName=broken");

        assertMessage(
                response,
                500,
                "internal error; the log has it under request "
                        + response.headers().get("x-amzn-RequestId"));
    }

    @Test
    void onlyWhatIsSignedForApiGatewayIsForTheApi() {
        assertThat(door.handles(FrontDoorFixture.unsigned(http("GET", "/v3/clusters"), "")))
                .isFalse();
        assertThat(door.handles(fixture.signed(fixture.root, "s3", http("GET", "/v3/clusters"), "")))
                .isFalse();
        assertThat(door.handles(fixture.signed(fixture.root, "execute-api", http("GET", "/elsewhere"), "")))
                .isTrue();
        WireRequest malformed =
                FrontDoorFixture.unsigned(http("GET", "/v3").putHeader("Authorization", "AWS4-HMAC-SHA256 x"), "");
        assertThat(door.handles(malformed)).isFalse();
    }

    @Test
    void whoeverCannotSignIsRefused() {
        assertMessage(
                answer(FrontDoorFixture.signed("AKIAUNKNOWN", "s", "execute-api", http("GET", "/v3/clusters"), "")),
                403,
                "The security token included in the request is invalid.");
        String key = fixture.root.caller().accessKeyId();
        WireResponse wrong = answer(FrontDoorFixture.signed(key, "s", "execute-api", http("GET", "/v3/clusters"), ""));
        assertMessage(wrong, 403, "The request signature we calculated does not match");
        assertThat(fixture.records()).hasSize(2).allSatisfy(record -> {
            assertThat(record.userName()).isEmpty();
            assertThat(record.name()).isEqualTo("ListClusters");
        });
    }

    @Test
    void aBodyThatIsNotTheSignedOneIsRefused() {
        WireRequest signed = fixture.signed(fixture.root, "execute-api", http("POST", "/v3/clusters"), CREATION);

        WireResponse response = answer(signed.withBody(new byte[] {'{', '}'}));

        assertThat(response.status()).isEqualTo(403);
    }

    @Test
    void policiesDecideByMethodAndPathHoweverItIsEncoded() {
        call("POST", "/v3/clusters", CREATION);
        String document = """
                {"Statement":[{"Effect":"Allow","Action":"execute-api:Invoke","Resource":
                "arn:aws:execute-api:eu-west-1:123456789012:*/prod/GET/v3/clusters*"},
                {"Effect":"Deny","Action":"execute-api:Invoke","Resource":
                "arn:aws:execute-api:*:*:*/*/*/v3/clusters/c1/instances"}]}""";
        fixture.iam(
                "PutRolePolicy",
                "RoleName=Reader&PolicyName=Clusters&PolicyDocument=" + FrontDoorFixture.encode(document));

        assertThat(asReader("GET", "/v3/clusters/c1").status()).isEqualTo(200);
        WireResponse refused = asReader("DELETE", "/v3/clusters/c1");
        assertMessage(
                refused,
                403,
                "User: arn:aws:sts::123456789012:assumed-role/Reader/reader is not authorized to perform:"
                        + " execute-api:Invoke on resource:"
                        + " arn:aws:execute-api:eu-west-1:123456789012:parallelcluster/prod/DELETE/v3/clusters/c1");
        assertThat(onlyRecord(refused).name()).isEqualTo("DeleteCluster");
        for (String path : List.of("/v3/clusters/c1/instances", "/v3/clusters/%631/%69nstances")) {
            assertMessage(asReader("GET", path), 403, "User: ");
        }
        assertThat(asReader("GET", "/v3/clusters?region=us-east-1").status()).isEqualTo(403);
    }

    private WireResponse call(String method, String path) {
        return call(method, path, "");
    }

    private WireResponse call(String method, String path, String body) {
        return answer(fixture.signed(fixture.root, "execute-api", http(method, path), body));
    }

    private WireResponse asReader(String method, String path) {
        return answer(FrontDoorFixture.signed(fixture.reader, "execute-api", http(method, path), ""));
    }

    private WireResponse answer(WireRequest request) {
        assertThat(door.handles(request)).isTrue();
        return door.answer(request, "192.0.2.7", "http");
    }

    /** A path as it is sent, also one that is no URI. */
    private static SdkHttpFullRequest.Builder http(String method, String path) {
        String[] parts = path.split("\\?", 2);
        SdkHttpFullRequest.Builder http = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.fromValue(method))
                .uri(URI.create("http://127.0.0.1:4566/" + (parts.length == 2 ? "?" + parts[1] : "")))
                .putHeader("User-Agent", "test/1");
        return http.encodedPath(parts[0]);
    }

    private AuditRecord onlyRecord(WireResponse response) {
        String id = response.headers().get("x-amzn-RequestId");
        List<AuditRecord> records = fixture.records().stream()
                .filter(record -> json(record.body()).path("requestID").asText().equals(id))
                .toList();
        assertThat(records).hasSize(1);
        return records.getFirst();
    }

    private static void assertMessage(WireResponse response, int status, String start) {
        assertThat(json(text(response)).path("message").asText()).startsWith(start);
        assertThat(response.status()).isEqualTo(status);
    }
}
