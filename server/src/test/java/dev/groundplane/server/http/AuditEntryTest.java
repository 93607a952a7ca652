package dev.groundplane.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.platform.audit.AuditRecord;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditEntryTest {
    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00.987Z");

    @Test
    void aRecordHasCloudTrailsMembers() {
        AuditEntry entry = entry();
        entry.about("ecs", "RunTask");
        entry.claimedBy("AKIA1");
        entry.calledBy(
                new Caller("222222222222", "arn:aws:iam::222222222222:user/a", "AIDA1", "IAMUser", "AKIA1"),
                "eu-west-1");
        entry.asksFor("{\"count\":1}");
        AuditRecord record = entry.success("{\"taskArn\":\"arn:aws:ecs:eu-west-1:2:task/x\"}");

        List<String> names = new ArrayList<>();
        JsonNode body = FrontDoorFixture.json(record.body());
        body.fieldNames().forEachRemaining(names::add);
        assertThat(names)
                .containsExactly(
                        "eventVersion",
                        "userIdentity",
                        "eventTime",
                        "eventSource",
                        "eventName",
                        "awsRegion",
                        "sourceIPAddress",
                        "userAgent",
                        "requestParameters",
                        "responseElements",
                        "requestID",
                        "eventID",
                        "readOnly",
                        "resources",
                        "eventType",
                        "managementEvent",
                        "recipientAccountId",
                        "eventCategory");
        assertThat(body.path("userIdentity").toString())
                .isEqualTo(
                        "{\"type\":\"IAMUser\",\"principalId\":\"AIDA1\",\"arn\":\"arn:aws:iam::222222222222:user/a\","
                                + "\"accountId\":\"222222222222\",\"userName\":\"a\",\"accessKeyId\":\"AKIA1\"}");
        assertThat(body.path("eventTime").asText()).isEqualTo("2026-01-15T12:00:00Z");
        assertThat(body.path("awsRegion").asText()).isEqualTo("eu-west-1");
        assertThat(body.path("recipientAccountId").asText()).isEqualTo("222222222222");
        assertThat(record.account()).isEqualTo("222222222222");
        assertThat(record.time()).isEqualTo(NOW);
    }

    @Test
    void whatTheCallerSentCannotBreakTheRecord() {
        AuditEntry entry = new AuditEntry(
                "r", NOW, new Scope("1", "us-east-1"), "::1", "agent\",\"eventName\":\"Forged\"\n\u0000\ud800");
        entry.about("ecs", "Run\"Task");
        JsonNode body =
                FrontDoorFixture.json(entry.failure("Code", "said \"no\"\n").body());

        assertThat(body.path("eventName").asText()).isEqualTo("Run\"Task");
        assertThat(body.path("errorMessage").asText()).isEqualTo("said \"no\"\n");
        assertThat(body.path("userAgent").asText()).startsWith("agent\",\"eventName\"");
    }

    @ParameterizedTest
    @CsvSource({
        "DescribeTasks, true",
        "GetCallerIdentity, true",
        "ListClusters, true",
        "LookupEvents, true",
        "FilterLogEvents, true",
        "RunTask, false",
        "CreateCluster, false",
        "StopTask, false",
        "Unknown, false",
        "PutLogEvents, false"
    })
    void readsAreToldByTheirNames(String operation, boolean readOnly) {
        AuditEntry entry = entry();
        entry.about("any", operation);

        assertThat(entry.readOnly()).isEqualTo(readOnly);
        assertThat(entry.success(null).readOnly()).isEqualTo(readOnly);
    }

    @Test
    void loggedLinesAreDataEvents() {
        AuditEntry entry = entry();
        entry.about("logs", "PutLogEvents");
        AuditRecord record = entry.success("{}");

        assertThat(record.management()).isFalse();
        assertThat(FrontDoorFixture.json(record.body()).path("eventCategory").asText())
                .isEqualTo("Data");
    }

    @Test
    void callsOfS3HaveCloudTrailsNamesAndResources() {
        AuditEntry entry = entry();
        entry.about("s3", "PutObject");
        entry.asksFor("{\"Bucket\":\"prices\",\"Key\":\"2026/a b.csv\",\"partNumber\":1}");
        AuditRecord record = entry.success("{}");
        JsonNode body = FrontDoorFixture.json(record.body());

        assertThat(body.path("requestParameters").toString())
                .isEqualTo("{\"bucketName\":\"prices\",\"key\":\"2026/a b.csv\",\"partNumber\":1}");
        assertThat(body.path("resources").toString())
                .isEqualTo("[{\"type\":\"AWS::S3::Object\",\"ARN\":\"arn:aws:s3:::prices/2026/a b.csv\"},"
                        + "{\"type\":\"AWS::S3::Bucket\",\"ARN\":\"arn:aws:s3:::prices\"}]");
        assertThat(record.resources())
                .extracting(AuditRecord.Resource::name)
                .containsExactly("arn:aws:s3:::prices/2026/a b.csv", "arn:aws:s3:::prices");
        assertThat(entry.failure("AccessDenied", "no").resources()).isEqualTo(record.resources());
    }

    @Test
    void callsOfS3AboutABucketNameNoObject() {
        AuditEntry entry = entry();
        entry.about("s3", "CreateBucket");
        entry.asksFor("{\"Bucket\":\"prices\"}");

        assertThat(entry.success("{\"bucketArn\":\"arn:aws:s3:::prices\"}").resources())
                .extracting(AuditRecord.Resource::type)
                .contains("AWS::S3::Bucket")
                .doesNotContain("AWS::S3::Object");
    }

    private static AuditEntry entry() {
        return new AuditEntry("r-1", NOW, new Scope("111111111111", "us-east-1"), "192.0.2.1", "agent");
    }
}
