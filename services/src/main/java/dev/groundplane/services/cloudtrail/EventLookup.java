package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.audit.AuditQuery;
import dev.groundplane.platform.audit.AuditQuery.Attribute;
import dev.groundplane.platform.audit.AuditQuery.Match;
import dev.groundplane.platform.audit.AuditRecord;
import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.identity.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.cloudtrail.model.Event;
import software.amazon.awssdk.services.cloudtrail.model.InvalidLookupAttributesException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidMaxResultsException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidNextTokenException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTimeRangeException;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttribute;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsRequest;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsResponse;
import software.amazon.awssdk.services.cloudtrail.model.OperationNotPermittedException;
import software.amazon.awssdk.services.cloudtrail.model.Resource;

/** Looks into the audit trail. Source: AWS CloudTrail API Reference, LookupEvents. */
final class EventLookup {
    private static final int MAX_RESULTS = 50;
    private static final Duration LOOK_BACK = Duration.ofDays(90);

    private final AuditTrail trail;
    private final InstantSource clock;

    EventLookup(AuditTrail trail, InstantSource clock) {
        this.trail = trail;
        this.clock = clock;
    }

    /**
     * Management events of the last 90 days, newest first, in pages of up to 50. A call's own record appears within
     * milliseconds.
     */
    LookupEventsResponse lookup(Scope scope, LookupEventsRequest request) {
        if (request.eventCategory() != null) {
            throw OperationNotPermittedException.builder()
                    .message("EventCategory '%s' is not implemented: management events only"
                            .formatted(request.eventCategoryAsString()))
                    .build();
        }
        int limit = Objects.requireNonNullElse(request.maxResults(), MAX_RESULTS);
        if (limit < 1 || limit > MAX_RESULTS) {
            throw InvalidMaxResultsException.builder()
                    .message("MaxResults must be from 1 to %d, found %d".formatted(MAX_RESULTS, limit))
                    .build();
        }
        List<AuditTrail.Found> found = trail.find(query(scope, request, limit + 1));
        List<AuditTrail.Found> page = found.subList(0, Math.min(limit, found.size()));
        return LookupEventsResponse.builder()
                .events(page.stream().map(f -> event(f.record())).toList())
                .nextToken(found.size() > limit ? Long.toString(page.getLast().position()) : null)
                .build();
    }

    private AuditQuery query(Scope scope, LookupEventsRequest request, int limit) {
        Instant now = clock.instant();
        Instant from = Objects.requireNonNullElse(request.startTime(), now.minus(LOOK_BACK));
        Instant to = Objects.requireNonNullElse(request.endTime(), now);
        if (from.isAfter(to)) {
            throw InvalidTimeRangeException.builder()
                    .message("StartTime %s is after EndTime %s".formatted(from, to))
                    .build();
        }
        return new AuditQuery(
                scope.account(),
                scope.region(),
                from.isBefore(now.minus(LOOK_BACK)) ? now.minus(LOOK_BACK) : from,
                to,
                attribute(request),
                Optional.ofNullable(request.nextToken()).map(EventLookup::position),
                limit);
    }

    private static Optional<Match> attribute(LookupEventsRequest request) {
        if (request.lookupAttributes().isEmpty()) {
            return Optional.empty();
        }
        if (request.lookupAttributes().size() > 1) {
            throw invalidAttributes("You can specify only one lookup attribute, found "
                    + request.lookupAttributes().size());
        }
        LookupAttribute wanted = request.lookupAttributes().getFirst();
        if (wanted.attributeValue() == null) {
            throw invalidAttributes("AttributeValue is missing");
        }
        Attribute attribute = switch (wanted.attributeKey()) {
            case EVENT_ID -> Attribute.EVENT_ID;
            case EVENT_NAME -> Attribute.EVENT_NAME;
            case READ_ONLY -> Attribute.READ_ONLY;
            case USERNAME -> Attribute.USER_NAME;
            case RESOURCE_TYPE -> Attribute.RESOURCE_TYPE;
            case RESOURCE_NAME -> Attribute.RESOURCE_NAME;
            case EVENT_SOURCE -> Attribute.EVENT_SOURCE;
            case ACCESS_KEY_ID -> Attribute.ACCESS_KEY_ID;
            case UNKNOWN_TO_SDK_VERSION ->
                throw invalidAttributes("AttributeKey '%s' is not one of EventId, EventName, ReadOnly, Username,"
                                .formatted(wanted.attributeKeyAsString())
                        + " ResourceType, ResourceName, EventSource, AccessKeyId");
            case null -> throw invalidAttributes("AttributeKey is missing");
        };
        return Optional.of(new Match(attribute, wanted.attributeValue()));
    }

    private static InvalidLookupAttributesException invalidAttributes(String message) {
        return InvalidLookupAttributesException.builder().message(message).build();
    }

    private static Long position(String token) {
        try {
            return Long.valueOf(token);
        } catch (NumberFormatException e) {
            throw InvalidNextTokenException.builder()
                    .message("NextToken '%s' was not returned by an earlier LookupEvents".formatted(token))
                    .build();
        }
    }

    private static Event event(AuditRecord record) {
        return Event.builder()
                .eventId(record.eventId())
                .eventTime(record.time())
                .eventName(record.name())
                .eventSource(record.source())
                .readOnly(Boolean.toString(record.readOnly()))
                .username(record.userName().isEmpty() ? null : record.userName())
                .accessKeyId(record.accessKeyId().isEmpty() ? null : record.accessKeyId())
                .resources(record.resources().stream()
                        .map(r -> Resource.builder()
                                .resourceType(r.type())
                                .resourceName(r.name())
                                .build())
                        .toList())
                .cloudTrailEvent(record.body())
                .build();
    }
}
