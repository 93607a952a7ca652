package dev.groundplane.platform.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.GroundplaneException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether what a record is found by says the same as its body, which alone is in the hash chain: a column that was changed
 * hides a record from searches without touching the chain. Source of the members: AWS CloudTrail User Guide, "CloudTrail
 * record contents".
 */
final class BodyAgreement {
    private static final ObjectMapper JSON = new ObjectMapper();

    private BodyAgreement() {}

    /** What does not agree, in words; empty when all does. */
    static Optional<String> broken(AuditRow row) {
        JsonNode body;
        try {
            body = JSON.readTree(row.record().body());
        } catch (JsonProcessingException e) {
            return Optional.of("the body is no JSON");
        }
        AuditRecord record = row.record();
        JsonNode identity = body.path("userIdentity");
        return differs("event_id", record.eventId(), body.path("eventID").asText())
                .or(() -> time(record, body.path("eventTime").asText()))
                .or(() -> differs(
                        "account",
                        record.account(),
                        body.path("recipientAccountId").asText()))
                .or(() -> differs(
                        "region", record.region(), body.path("awsRegion").asText()))
                .or(() -> differs(
                        "event_source",
                        record.source(),
                        body.path("eventSource").asText()))
                .or(() -> differs(
                        "event_name", record.name(), body.path("eventName").asText()))
                .or(() -> user(record.userName(), identity))
                .or(() -> differs(
                        "access_key_id",
                        record.accessKeyId(),
                        identity.path("accessKeyId").asText()))
                .or(() -> differs(
                        "read_only",
                        Boolean.toString(record.readOnly()),
                        body.path("readOnly").asText()))
                .or(() -> differs(
                        "management",
                        row.management(),
                        body.path("managementEvent").asBoolean() ? "1" : "0"))
                .or(() -> resources(row.resources(), body.path("resources")));
    }

    private static Optional<String> differs(String column, String stored, String inBody) {
        return stored.equals(inBody)
                ? Optional.empty()
                : Optional.of("the column %s is '%s', and the body says '%s'".formatted(column, stored, inBody));
    }

    /** The body has whole seconds; the milliseconds are in the event's id. */
    private static Optional<String> time(AuditRecord record, String inBody) {
        try {
            Instant second = Instant.parse(inBody);
            boolean agrees = record.time().truncatedTo(ChronoUnit.SECONDS).equals(second)
                    && EventIds.time(record.eventId())
                            .filter(at -> !at.equals(record.time()))
                            .isEmpty();
            return agrees
                    ? Optional.empty()
                    : differs("event_time", record.time().toString(), inBody + " (seconds)");
        } catch (DateTimeParseException e) {
            return differs("event_time", record.time().toString(), inBody);
        }
    }

    private static Optional<String> user(String stored, JsonNode identity) {
        String arn = identity.path("arn").asText();
        String last = arn.substring(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
        return identity.has("userName")
                        && stored.equals(identity.path("userName").asText())
                ? Optional.empty()
                : differs("user_name", stored, last);
    }

    private static Optional<String> resources(String stored, JsonNode inBody) {
        List<AuditRecord.Resource> named = new ArrayList<>();
        inBody.forEach(one -> named.add(new AuditRecord.Resource(
                one.path("type").asText(), one.path("ARN").asText())));
        try {
            return AuditTrail.resources(stored).equals(named)
                    ? Optional.empty()
                    : differs("resources", stored, inBody.toString());
        } catch (GroundplaneException e) {
            return differs("resources", stored, inBody.toString());
        }
    }
}
