package dev.groundplane.server.demo;

import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.Event;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttribute;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttributeKey;

/**
 * Who did it, from the audit trail.
 *
 * @param summary one line
 */
record AuditSummary(String summary) {
    static AuditSummary since(Instant begin, Workspace workspace) {
        try (CloudTrailClient trail = workspace.connection().cloudTrail()) {
            List<Event> launches = trail.lookupEvents(b -> b.startTime(begin)
                            .lookupAttributes(LookupAttribute.builder()
                                    .attributeKey(LookupAttributeKey.EVENT_NAME)
                                    .attributeValue("RunTask")
                                    .build()))
                    .events();
            Event last = launches.getFirst();
            return new AuditSummary("RunTask by %s with key %s at %s, event %s"
                    .formatted(last.username(), last.accessKeyId(), last.eventTime(), last.eventId()));
        }
    }
}
