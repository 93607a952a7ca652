package dev.groundplane.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.groundplane.platform.audit.AuditRecord;
import dev.groundplane.platform.audit.EventIds;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.server.metrics.CallMetrics;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the front door learns about one call, and the CloudTrail record made from it. Source: AWS CloudTrail User Guide,
 * "CloudTrail record contents". Belongs to one request; not thread-safe.
 */
final class AuditEntry {
    private static final String UNKNOWN = "unknown.amazonaws.com";
    private static final JsonFactory JSON = new JsonFactory();
    private static final String S3 = "s3.amazonaws.com";
    /** Where an ARN's account stands, counted between its colons. */
    private static final int ACCOUNT_PART = 4;

    private static final Set<String> READ_PREFIXES = Set.of(
            "Get", "List", "Describe", "Lookup", "Filter", "Head", "Search", "Discover", "BatchGet", "Poll", "Options");
    /** Their number and content would bury the trail's management events. */
    private static final Set<String> DATA_EVENTS = Set.of(
            "PutLogEvents",
            // What CloudTrail has as data events of S3: calls about objects, and listings of them.
            "AbortMultipartUpload",
            "CompleteMultipartUpload",
            "CopyObject",
            "CreateMultipartUpload",
            "DeleteObject",
            "DeleteObjectTagging",
            "DeleteObjects",
            "GetObject",
            "GetObjectAcl",
            "GetObjectAttributes",
            "GetObjectLegalHold",
            "GetObjectRetention",
            "GetObjectTagging",
            "HeadBucket",
            "HeadObject",
            "ListMultipartUploads",
            "ListObjectVersions",
            "ListObjects",
            "ListObjectsV2",
            "ListParts",
            "OptionsObject",
            "PutObject",
            "PutObjectAcl",
            "PutObjectLegalHold",
            "PutObjectRetention",
            "PutObjectTagging",
            "UploadPart",
            "UploadPartCopy");

    private final long begun = System.nanoTime();
    private final String requestId;
    private final Instant time;
    private final String sourceAddress;
    private final String userAgent;
    private Scope scope;
    private String source = UNKNOWN;
    private String operation = "Unknown";
    private boolean implemented;
    private String outcome = CallMetrics.OK;
    private boolean readOnly;
    private String accessKeyId = "";
    private @Nullable Caller caller;
    private @Nullable String requestParameters;
    private List<AuditRecord.Resource> requested = List.of();

    AuditEntry(String requestId, Instant time, Scope scope, String sourceAddress, String userAgent) {
        this.requestId = requestId;
        this.time = time;
        this.scope = scope;
        this.sourceAddress = sourceAddress;
        this.userAgent = userAgent;
    }

    void about(String actionPrefix, String operationName) {
        source = actionPrefix + ".amazonaws.com";
        operation = operationName;
        readOnly = READ_PREFIXES.stream().anyMatch(operationName::startsWith);
    }

    /** The operation is one that Groundplane has, and not what a client made up. */
    void isImplemented() {
        implemented = true;
    }

    void claimedBy(String keyId) {
        accessKeyId = keyId;
    }

    /** Until a signature has been verified, its region is a claim: refusals are recorded at home. */
    void calledBy(Caller authenticated, String region) {
        caller = authenticated;
        scope = new Scope(authenticated.account(), region);
    }

    /** An unsigned call is recorded where what it names belongs. */
    void concerns(Scope place) {
        scope = place;
    }

    void asksFor(String requestJson) {
        String parameters = requestJson;
        if (source.equals(S3)) {
            S3Parameters asked = S3Parameters.of(requestJson);
            parameters = asked.json();
            requested = asked.resources();
        }
        requestParameters = Redaction.apply(operation, parameters);
    }

    String operation() {
        return operation;
    }

    Scope scope() {
        return scope;
    }

    boolean readOnly() {
        return readOnly;
    }

    /**
     * The record of a call that succeeded.
     *
     * @param responseJson the response's members; ignored for reads
     */
    AuditRecord success(@Nullable String responseJson) {
        String response = readOnly() || responseJson == null ? null : Redaction.apply(operation, responseJson);
        List<AuditRecord.Resource> made = response == null ? List.of() : ResourceNames.in(response);
        return record(
                response,
                Stream.concat(requested.stream(), made.stream()).distinct().toList(),
                null,
                null);
    }

    /** The record of a call that was refused or failed. */
    AuditRecord failure(String errorCode, String errorMessage) {
        outcome = errorCode;
        return record(null, requested, errorCode, errorMessage);
    }

    /** Counts the call, once it is answered. */
    void count(CallMetrics calls) {
        String service = source.equals(UNKNOWN) ? CallMetrics.OTHER : source.substring(0, source.indexOf('.'));
        calls.answered(
                service,
                implemented ? operation : CallMetrics.OTHER,
                outcome,
                Duration.ofNanos(System.nanoTime() - begun));
    }

    private AuditRecord record(
            @Nullable String response,
            List<AuditRecord.Resource> resources,
            @Nullable String errorCode,
            @Nullable String errorMessage) {
        String eventId = EventIds.at(time);
        boolean management = !DATA_EVENTS.contains(operation);
        return new AuditRecord(
                eventId,
                time,
                scope.account(),
                scope.region(),
                source,
                operation,
                caller == null ? "" : caller.userName(),
                accessKeyId,
                readOnly(),
                management,
                resources,
                body(eventId, management, response, resources, errorCode, errorMessage));
    }

    private String body(
            String eventId,
            boolean management,
            @Nullable String response,
            List<AuditRecord.Resource> resources,
            @Nullable String errorCode,
            @Nullable String errorMessage) {
        StringWriter out = new StringWriter(512);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("eventVersion", "1.11");
            userIdentity(json);
            json.writeStringField(
                    "eventTime", time.truncatedTo(ChronoUnit.SECONDS).toString());
            json.writeStringField("eventSource", source);
            json.writeStringField("eventName", operation);
            json.writeStringField("awsRegion", scope.region());
            json.writeStringField("sourceIPAddress", sourceAddress);
            json.writeStringField("userAgent", userAgent);
            if (errorCode != null) {
                json.writeStringField("errorCode", errorCode);
                json.writeStringField("errorMessage", errorMessage);
            }
            raw(json, "requestParameters", requestParameters);
            raw(json, "responseElements", response);
            json.writeStringField("requestID", requestId);
            json.writeStringField("eventID", eventId);
            json.writeBooleanField("readOnly", readOnly());
            resources(json, resources);
            json.writeStringField("eventType", "AwsApiCall");
            json.writeBooleanField("managementEvent", management);
            json.writeStringField("recipientAccountId", scope.account());
            json.writeStringField("eventCategory", management ? "Management" : "Data");
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private void userIdentity(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("userIdentity");
        if (caller == null) {
            json.writeStringField("type", "Unknown");
        } else {
            json.writeStringField("type", caller.type());
            json.writeStringField("principalId", caller.userId());
            json.writeStringField("arn", caller.arn());
            json.writeStringField("accountId", caller.account());
            if (caller.isUser()) {
                json.writeStringField("userName", caller.userName());
            }
        }
        json.writeStringField("accessKeyId", accessKeyId);
        json.writeEndObject();
    }

    private static void resources(JsonGenerator json, List<AuditRecord.Resource> resources) throws IOException {
        if (resources.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("resources");
        for (AuditRecord.Resource resource : resources) {
            json.writeStartObject();
            String account = resource.name().split(":", 6)[ACCOUNT_PART];
            if (!account.isEmpty()) { // S3's ARNs have none
                json.writeStringField("accountId", account);
            }
            json.writeStringField("type", resource.type());
            json.writeStringField("ARN", resource.name());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void raw(JsonGenerator json, String name, @Nullable String value) throws IOException {
        json.writeFieldName(name);
        if (value == null) {
            json.writeNull();
        } else {
            json.writeRawValue(value);
        }
    }
}
