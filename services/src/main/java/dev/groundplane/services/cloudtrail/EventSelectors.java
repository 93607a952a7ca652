package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.Call;
import dev.groundplane.wire.WireForm;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.services.cloudtrail.model.DataResource;
import software.amazon.awssdk.services.cloudtrail.model.EventSelector;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsRequest;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.PutEventSelectorsRequest;
import software.amazon.awssdk.services.cloudtrail.model.PutEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.ReadWriteType;

/** What trails are to deliver. Source: AWS CloudTrail API Reference, PutEventSelectors and GetEventSelectors. */
final class EventSelectors {
    private static final int MAX_SELECTORS = 5;
    private static final int MAX_RESOURCES = 250;
    private static final String OBJECT = "AWS::S3::Object";
    private static final List<EventSelector> DEFAULT = List.of(EventSelector.builder()
            .readWriteType(ReadWriteType.ALL)
            .includeManagementEvents(true)
            .dataResources(List.of())
            .excludeManagementEventSources(List.of())
            .build());
    private static final WireForm<GetEventSelectorsResponse> FORM =
            WireForm.of(GetEventSelectorsResponse.class, GetEventSelectorsResponse::builder);

    private final TrailStore store;

    EventSelectors(TrailStore store) {
        this.store = store;
    }

    /** All management events, unless something else was put. */
    static List<EventSelector> of(TrailState trail) {
        String stored = trail.stored().extra().get(TrailState.SELECTORS);
        return stored == null ? DEFAULT : FORM.decode(stored).eventSelectors();
    }

    GetEventSelectorsResponse get(Call call, GetEventSelectorsRequest request) {
        TrailState trail = store.require(call.scope(), request.trailName());
        return GetEventSelectorsResponse.builder()
                .trailARN(trail.arn())
                .eventSelectors(of(trail))
                .build();
    }

    PutEventSelectorsResponse put(Call call, PutEventSelectorsRequest request) {
        TrailName.supported(
                request,
                "TrailName",
                "EventSelectors",
                "EventSelectors.ReadWriteType",
                "EventSelectors.IncludeManagementEvents",
                "EventSelectors.DataResources",
                "EventSelectors.DataResources.Type",
                "EventSelectors.DataResources.Values");
        if (request.eventSelectors().isEmpty() || request.eventSelectors().size() > MAX_SELECTORS) {
            throw TrailErrors.invalidSelectors(
                    "EventSelectors must have from 1 to %d members, found %d",
                    MAX_SELECTORS, request.eventSelectors().size());
        }
        List<EventSelector> selectors =
                request.eventSelectors().stream().map(EventSelectors::complete).toList();
        long resources = selectors.stream()
                .flatMap(selector -> selector.dataResources().stream())
                .mapToLong(resource -> resource.values().size())
                .sum();
        if (resources > MAX_RESOURCES) {
            throw TrailErrors.invalidSelectors(
                    "A trail can have %d data resources, found %d", MAX_RESOURCES, resources);
        }
        String stored = FORM.encode(
                GetEventSelectorsResponse.builder().eventSelectors(selectors).build());
        return call.commit(tx -> {
            TrailState trail = store.requireHome(tx, call.scope(), request.trailName());
            store.update(
                    tx,
                    trail.with(TrailState.SELECTORS, stored)
                            .with(trail.trail().toBuilder()
                                    .hasCustomEventSelectors(true)
                                    .build()));
            return PutEventSelectorsResponse.builder()
                    .trailARN(trail.arn())
                    .eventSelectors(selectors)
                    .build();
        });
    }

    private static EventSelector complete(EventSelector selector) {
        if (selector.readWriteType() == ReadWriteType.UNKNOWN_TO_SDK_VERSION) {
            throw TrailErrors.invalidSelectors(
                    "ReadWriteType '%s' is not one of ReadOnly, WriteOnly, All", selector.readWriteTypeAsString());
        }
        selector.dataResources().forEach(EventSelectors::check);
        return EventSelector.builder()
                .readWriteType(Objects.requireNonNullElse(selector.readWriteType(), ReadWriteType.ALL))
                .includeManagementEvents(!Boolean.FALSE.equals(selector.includeManagementEvents()))
                .dataResources(selector.dataResources())
                .excludeManagementEventSources(List.of())
                .build();
    }

    private static void check(DataResource resource) {
        if (!OBJECT.equals(resource.type())) {
            throw TrailErrors.invalidSelectors(
                    "The data resource type '%s' is not implemented by Groundplane: %s is", resource.type(), OBJECT);
        }
        for (String value : resource.values()) {
            if (!value.equals("arn:aws:s3") && !value.startsWith("arn:aws:s3:::")) {
                throw TrailErrors.invalidSelectors(
                        "'%s' is not the beginning of an object's ARN, such as arn:aws:s3:::bucket/prefix", value);
            }
        }
    }
}
