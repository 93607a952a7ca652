package dev.groundplane.server.http;

import static dev.groundplane.server.http.FrontDoorFixture.json;
import static dev.groundplane.server.http.FrontDoorFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.platform.audit.AuditRecord;
import dev.groundplane.wire.WireException;
import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.WireResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes to the door is answered, and leaves exactly one record. */
class FrontDoorTest {
    private FrontDoorFixture fixture;

    @BeforeEach
    void open(@TempDir Path directory) {
        fixture = new FrontDoorFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void anUnsignedCallIsRefused() {
        WireResponse response =
                fixture.answer(FrontDoorFixture.unsigned(FrontDoorFixture.ecs("DescribeClusters"), "{}"));

        assertError(response, 400, "MissingAuthenticationTokenException");
        AuditRecord record = onlyRecord(response);
        assertThat(record.name()).isEqualTo("DescribeClusters");
        assertThat(record.source()).isEqualTo("ecs.amazonaws.com");
        assertThat(record.region()).as("a claim is recorded at home").isEqualTo("us-east-1");
        assertThat(record.accessKeyId()).isEmpty();
        assertThat(record.userName()).isEmpty();
        assertThat(json(record.body()).path("sourceIPAddress").asText()).isEqualTo("192.0.2.7");
        assertThat(json(record.body()).path("userAgent").asText()).isEqualTo("test/1");
        assertThat(json(record.body()).path("errorCode").asText()).isEqualTo("MissingAuthenticationTokenException");
    }

    @Test
    void anUnsignedQueryCallIsRefusedInXml() {
        WireResponse response = fixture.answer(
                FrontDoorFixture.unsigned(FrontDoorFixture.http(""), "Action=GetCallerIdentity&Version=2011-06-15"));

        assertThat(response.status()).isEqualTo(403);
        assertThat(text(response)).contains("<Code>MissingAuthenticationToken</Code>");
        assertThat(onlyRecord(response).name()).isEqualTo("GetCallerIdentity");
        assertThat(onlyRecord(response).source()).isEqualTo("sts.amazonaws.com");
    }

    @Test
    void anUnknownKeyIsRefusedAndRecordedAsClaimed() {
        WireResponse response = fixture.answer(FrontDoorFixture.signed(
                "AKIAUNKNOWN", "secret", "ecs", FrontDoorFixture.ecs("DescribeClusters"), "{}"));

        assertError(response, 400, "UnrecognizedClientException");
        AuditRecord record = onlyRecord(response);
        assertThat(record.accessKeyId()).isEqualTo("AKIAUNKNOWN");
        assertThat(record.userName()).isEmpty();
        assertThat(json(record.body()).at("/userIdentity/type").asText()).isEqualTo("Unknown");
    }

    @Test
    void aWrongSecretIsRefusedAndNotRecordedAsTheKeysOwner() {
        WireResponse response = fixture.answer(FrontDoorFixture.signed(
                fixture.root.caller().accessKeyId(),
                "not the secret",
                "ecs",
                FrontDoorFixture.ecs("CreateCluster"),
                "{\"clusterName\":\"c\"}"));

        assertError(response, 400, "InvalidSignatureException");
        assertThat(onlyRecord(response).userName()).isEmpty();
        assertThat(onlyRecord(response).accessKeyId())
                .isEqualTo(fixture.root.caller().accessKeyId());
        assertThat(text(response)).doesNotContain(fixture.root.secretAccessKey());
    }

    @Test
    void whatIsNotImplementedIsNamed() {
        WireResponse response = call("DescribeCapacityProviders", "{}");

        assertError(response, 501, "NotImplementedException");
        assertThat(text(response)).contains("ecs DescribeCapacityProviders");
        assertThat(onlyRecord(response).userName()).isEqualTo("root");
    }

    @Test
    void anOperationThatTheServiceDoesNotHaveIsUnknown() {
        WireResponse response = call("MakeCoffee", "{}");

        assertError(response, 400, "UnknownOperationException");
        assertThat(onlyRecord(response).name()).isEqualTo("MakeCoffee");
    }

    @Test
    void aServiceThatIsNotThereIsNamed() {
        WireResponse response =
                fixture.answer(fixture.signed(fixture.root, "glacier", FrontDoorFixture.http("a/vaults"), ""));

        assertThat(response.status()).isEqualTo(501);
        assertThat(text(response)).contains("glacier");
        assertThat(onlyRecord(response).source()).isEqualTo("unknown.amazonaws.com");
    }

    @Test
    void aSignatureForOneServiceIsNoneForAnother() {
        WireResponse response =
                fixture.answer(fixture.signed(fixture.root, "sts", FrontDoorFixture.ecs("CreateCluster"), "{}"));

        assertThat(response.status()).isEqualTo(400);
        assertThat(text(response)).contains("InvalidAction");
        onlyRecord(response);
    }

    @Test
    void whatNoPolicyAllowsIsDeniedByName() {
        WireResponse response = fixture.answer(FrontDoorFixture.signed(
                fixture.reader, "ecs", FrontDoorFixture.ecs("CreateCluster"), "{\"clusterName\":\"c\"}"));

        assertError(response, 400, "AccessDeniedException");
        assertThat(text(response)).contains("ecs:CreateCluster").contains("assumed-role/Reader/reader");
        AuditRecord record = onlyRecord(response);
        assertThat(record.userName()).isEqualTo("reader");
        assertThat(record.readOnly()).isFalse();
        assertThat(record.resources()).isEmpty();
        assertThat(text(call("ListClusters", "{}"))).contains("\"clusterArns\":[]");
    }

    @Test
    void whatCannotBeReadIsRefusedBeforePolicyIsAsked() {
        WireResponse response = fixture.answer(
                FrontDoorFixture.signed(fixture.reader, "ecs", FrontDoorFixture.ecs("CreateCluster"), "not json"));

        assertError(response, 400, "SerializationException");
    }

    @Test
    void aReadIsAnsweredAndRecordedWithWhatWasAsked() {
        WireResponse response = fixture.answer(FrontDoorFixture.signed(
                fixture.reader, "ecs", FrontDoorFixture.ecs("DescribeClusters"), "{\"clusters\":[\"c\"]}"));

        assertThat(response.status()).isEqualTo(200);
        assertThat(text(response)).contains("MISSING");
        AuditRecord record = onlyRecord(response);
        JsonNode body = json(record.body());
        assertThat(record.readOnly()).isTrue();
        assertThat(record.region()).isEqualTo("eu-west-1");
        assertThat(record.userName()).isEqualTo("reader");
        assertThat(record.time()).isEqualTo(FrontDoorFixture.NOW);
        assertThat(body.path("requestParameters").toString()).isEqualTo("{\"clusters\":[\"c\"]}");
        assertThat(body.path("responseElements").isNull()).isTrue();
        assertThat(body.path("errorCode").isMissingNode()).isTrue();
        assertThat(body.path("eventTime").asText()).isEqualTo("2026-01-15T12:00:00Z");
        assertThat(body.at("/userIdentity/arn").asText())
                .isEqualTo("arn:aws:sts::123456789012:assumed-role/Reader/reader");
    }

    @Test
    void aMutationIsRecordedWithWhatItMade() {
        WireResponse response = call("CreateCluster", "{\"clusterName\":\"c\"}");

        assertThat(response.status()).isEqualTo(200);
        String arn = json(text(response)).at("/cluster/clusterArn").asText();
        assertThat(arn).isEqualTo("arn:aws:ecs:eu-west-1:123456789012:cluster/c");
        AuditRecord record = onlyRecord(response);
        assertThat(record.readOnly()).isFalse();
        assertThat(record.resources()).containsExactly(new AuditRecord.Resource("AWS::ECS::Cluster", arn));
        assertThat(json(record.body()).at("/responseElements/cluster/status").asText())
                .isEqualTo("ACTIVE");
        assertThat(json(record.body()).at("/resources/0/ARN").asText()).isEqualTo(arn);
    }

    @Test
    void anErrorOfTheServiceIsAnsweredInItsWordsAndRecorded() {
        WireResponse response = call("DeleteCluster", "{\"cluster\":\"ghost\"}");

        assertError(response, 400, "ClusterNotFoundException");
        AuditRecord record = onlyRecord(response);
        assertThat(json(record.body()).path("errorCode").asText()).isEqualTo("ClusterNotFoundException");
        assertThat(json(record.body()).at("/requestParameters/cluster").asText())
                .isEqualTo("ghost");
        assertThat(json(record.body()).path("responseElements").isNull()).isTrue();
    }

    @Test
    void aBodyThatCannotBeReadIsTheCallersMistake() {
        WireResponse response = call("RunTask", "{\"count\":\"many\"}");

        assertError(response, 400, "SerializationException");
        assertThat(text(response)).contains("count must be a number, found 'many'");
        assertThat(onlyRecord(response).name()).isEqualTo("RunTask");
    }

    @Test
    void environmentsAreHiddenInRequestAndResponse() {
        WireResponse response = call(
                "RegisterTaskDefinition",
                "{\"family\":\"etl\",\"containerDefinitions\":[{\"name\":\"main\",\"image\":\"host\",\"memory\":64,"
                        + "\"environment\":[{\"name\":\"DB_PASSWORD\",\"value\":\"hunter2\"}]}]}");

        assertThat(response.status()).isEqualTo(200);
        assertThat(text(response)).contains("hunter2");
        assertThat(onlyRecord(response).body())
                .doesNotContain("hunter2")
                .contains("\"environment\":\"HIDDEN_DUE_TO_SECURITY_REASONS\"")
                .contains("etl");
    }

    @Test
    void stsTellsTheCallerWhoItIs() {
        WireResponse response = fixture.answer(fixture.signed(
                fixture.root,
                "sts",
                FrontDoorFixture.http("").putHeader("Content-Type", "application/x-www-form-urlencoded"),
                "Action=GetCallerIdentity&Version=2011-06-15"));

        assertThat(response.status()).isEqualTo(200);
        assertThat(text(response)).contains("<Arn>arn:aws:iam::123456789012:root</Arn>");
        assertThat(onlyRecord(response).name()).isEqualTo("GetCallerIdentity");
    }

    @Test
    void anAgentIsAdmittedByPolicyAndRecorded() {
        WireRequest request =
                FrontDoorFixture.signed(fixture.reader, "ecs", FrontDoorFixture.http("ws?containerInstanceArn=x"), "");

        assertThat(fixture.door.admit(request, "192.0.2.7", "ecs:Poll").scope().region())
                .isEqualTo("eu-west-1");
        assertThat(fixture.records()).extracting(AuditRecord::name).containsExactly("Poll");
        assertThatThrownBy(() -> fixture.door.admit(request, "192.0.2.7", "ecs:Eavesdrop"))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("ecs:Eavesdrop");
        assertThat(fixture.records()).hasSize(2);
        assertThatThrownBy(() -> fixture.door.admit(
                        FrontDoorFixture.unsigned(FrontDoorFixture.http("ws"), ""), "192.0.2.7", "ecs:Poll"))
                .isInstanceOf(WireException.class);
        assertThat(fixture.records()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer abc",
                "AWS4-HMAC-SHA256",
                "AWS4-HMAC-SHA256 Credential=,SignedHeaders=,Signature=",
                "AWS4-HMAC-SHA256 Credential=a/20260115/r/ecs/aws4_request, SignedHeaders=host, Signature=0"
            })
    void garbageIsRefusedAndRecorded(String authorization) {
        for (String target : List.of("", ".", "x".repeat(10_000), "AmazonEC2ContainerServiceV20141113.", "é\u0000")) {
            int before = fixture.records().size();
            WireRequest request = new WireRequest(
                    "GET",
                    "/%zz//..",
                    "Action=&Action=%zz&Version=2011-06-15",
                    Map.of(
                            "authorization", List.of(authorization),
                            "x-amz-target", List.of(target),
                            "x-amz-date", List.of("20260115T120000Z")),
                    "\u0000\ufffd{".getBytes(StandardCharsets.UTF_8));

            assertThat(fixture.answer(request).status()).isBetween(400, 403);
            assertThat(fixture.records()).hasSize(before + 1);
        }
    }

    @Test
    void aQueryThatIsNoUriIsRefusedAndRecorded() {
        WireRequest good = fixture.signed(fixture.root, "ecs", FrontDoorFixture.ecs("ListClusters"), "{}");
        WireResponse response = fixture.answer(new WireRequest("POST", "/", "a=%zz", good.headers(), good.body()));

        assertError(response, 400, "InvalidSignatureException");
        onlyRecord(response);
    }

    private WireResponse call(String operation, String body) {
        return fixture.answer(fixture.signed(fixture.root, "ecs", FrontDoorFixture.ecs(operation), body));
    }

    /** The one record there is, which carries the id of the response. */
    private AuditRecord onlyRecord(WireResponse response) {
        List<AuditRecord> records = fixture.records();
        assertThat(records).hasSize(1);
        AuditRecord record = records.getFirst();
        assertThat(json(record.body()).path("requestID").asText())
                .isEqualTo(response.headers().get("x-amzn-RequestId"));
        assertThat(json(record.body()).path("eventID").asText()).isEqualTo(record.eventId());
        return record;
    }

    @Test
    void callsAreCountedByOperationAndCodeAndNotByWhatClientsMakeUp() {
        fixture.answer(fixture.signed(fixture.root, "ecs", FrontDoorFixture.ecs("DescribeClusters"), "{}"));
        fixture.answer(fixture.signed(fixture.root, "ecs", FrontDoorFixture.ecs("MadeUpByAClient"), "{}"));
        fixture.answer(fixture.signed(fixture.root, "madeup", FrontDoorFixture.ecs("ListClusters"), "{}"));
        fixture.answer(FrontDoorFixture.unsigned(FrontDoorFixture.ecs("ListClusters"), "{}"));

        assertThat(fixture.counted())
                .containsOnly(
                        Map.entry("ecs DescribeClusters OK", 1L),
                        Map.entry("ecs other UnknownOperationException", 1L),
                        Map.entry("other other NotImplementedException", 1L),
                        Map.entry("ecs other MissingAuthenticationTokenException", 1L));
    }

    private static void assertError(WireResponse response, int status, String code) {
        assertThat(json(text(response)).path("__type").asText()).isEqualTo(code);
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.headers()).containsEntry("x-amzn-ErrorType", code);
    }
}
