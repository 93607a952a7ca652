package dev.groundplane.services.cloudtrail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.audit.AuditRecord;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudtrail.model.EventSelector;
import software.amazon.awssdk.services.cloudtrail.model.ReadWriteType;

/**
 * Which records a trail delivers. Source: AWS CloudTrail API Reference, EventSelector. Not CloudTrail's own calls, with which
 * it delivers: each delivery would give it something to deliver.
 */
final class EventSelection {
    private static final String S3 = "s3.amazonaws.com";
    private static final String OBJECT = "AWS::S3::Object";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<EventSelector> selectors;
    private final boolean globalServices;

    /** @param globalServices whether events of services without a region are wanted */
    EventSelection(List<EventSelector> selectors, boolean globalServices) {
        this.selectors = selectors;
        this.globalServices = globalServices;
    }

    boolean includes(AuditRecord record) {
        if (record.userName().equals(CloudTrail.PRINCIPAL)
                || (!globalServices && record.source().equals("iam.amazonaws.com"))) {
            return false;
        }
        Optional<String> object = record.management() ? Optional.empty() : object(record);
        return selectors.stream().anyMatch(selector -> includes(selector, record, object));
    }

    private static boolean includes(EventSelector selector, AuditRecord record, Optional<String> object) {
        boolean direction = selector.readWriteType() == ReadWriteType.ALL
                || (selector.readWriteType() == ReadWriteType.READ_ONLY) == record.readOnly();
        if (!direction) {
            return false;
        }
        return record.management()
                ? Boolean.TRUE.equals(selector.includeManagementEvents())
                : object.isPresent()
                        && selector.dataResources().stream()
                                .flatMap(resource -> resource.values().stream())
                                .anyMatch(object.get()::startsWith);
    }

    /** The ARN of the object that a data event of S3 is about; of a listing, the bucket's and a slash. */
    private static Optional<String> object(AuditRecord record) {
        Optional<String> named = record.resources().stream()
                .filter(resource -> resource.type().equals(OBJECT))
                .map(AuditRecord.Resource::name)
                .findFirst();
        return named.isPresent() || !record.source().equals(S3) ? named : parameters(record.body());
    }

    private static Optional<String> parameters(String body) {
        try {
            JsonNode parameters = JSON.readTree(body).path("requestParameters");
            String bucket = parameters.path("bucketName").asText();
            return bucket.isEmpty()
                    ? Optional.empty()
                    : Optional.of("arn:aws:s3:::" + bucket + "/"
                            + parameters.path("key").asText());
        } catch (JsonProcessingException e) {
            return Optional.empty(); // a damaged record is for `audit verify` to find
        }
    }
}
