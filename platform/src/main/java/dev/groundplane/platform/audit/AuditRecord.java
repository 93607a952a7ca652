package dev.groundplane.platform.audit;

import java.time.Instant;
import java.util.List;

/**
 * One call, as it is kept. Field meanings follow CloudTrail's record contents.
 *
 * @param eventId unique; see {@link EventIds}
 * @param time when the call arrived
 * @param account the account that the call is about
 * @param region the region that the call is about
 * @param source for example {@code ecs.amazonaws.com}
 * @param name the operation
 * @param userName the caller's name; empty when it is not known
 * @param accessKeyId the key that the call was signed with; empty when unsigned
 * @param readOnly whether the operation changes nothing
 * @param management whether it is a management event; the others are data events
 * @param resources what the call touched
 * @param body the whole CloudTrail record, JSON
 */
public record AuditRecord(
        String eventId,
        Instant time,
        String account,
        String region,
        String source,
        String name,
        String userName,
        String accessKeyId,
        boolean readOnly,
        boolean management,
        List<Resource> resources,
        String body) {

    /**
     * A resource that a call touched.
     *
     * @param type CloudFormation's type name, for example {@code AWS::ECS::Task}
     * @param name ARN or name
     */
    public record Resource(String type, String name) {}
}
