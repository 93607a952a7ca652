package dev.groundplane.platform.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * What to look for in the trail. Newest first, by the time of the events.
 *
 * @param account whose events
 * @param region of which region
 * @param from earliest time, inclusive
 * @param to latest time, inclusive
 * @param attribute one attribute that must match; empty for all
 * @param before only records that come after the one at this position, which an earlier answer had; empty for the start
 * @param limit how many at the most
 */
public record AuditQuery(
        String account,
        String region,
        Instant from,
        Instant to,
        Optional<Match> attribute,
        Optional<Long> before,
        int limit) {

    /** What can be matched; CloudTrail's lookup attributes. */
    public enum Attribute {
        EVENT_ID("event_id"),
        EVENT_NAME("event_name"),
        READ_ONLY("read_only"),
        USER_NAME("user_name"),
        RESOURCE_TYPE("type"),
        RESOURCE_NAME("name"),
        EVENT_SOURCE("event_source"),
        ACCESS_KEY_ID("access_key_id");

        private final String column;

        Attribute(String column) {
            this.column = column;
        }

        String column() {
            return column;
        }

        boolean ofResource() {
            return this == RESOURCE_TYPE || this == RESOURCE_NAME;
        }
    }

    /** An attribute and the value it must have. */
    public record Match(Attribute attribute, String value) {}
}
