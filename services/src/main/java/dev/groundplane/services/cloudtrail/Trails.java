package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.CreateTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.DeleteTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.DeleteTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.DescribeTrailsRequest;
import software.amazon.awssdk.services.cloudtrail.model.DescribeTrailsResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailResponse;
import software.amazon.awssdk.services.cloudtrail.model.InvalidParameterCombinationException;
import software.amazon.awssdk.services.cloudtrail.model.ListTrailsResponse;
import software.amazon.awssdk.services.cloudtrail.model.MaximumNumberOfTrailsExceededException;
import software.amazon.awssdk.services.cloudtrail.model.Trail;
import software.amazon.awssdk.services.cloudtrail.model.TrailAlreadyExistsException;
import software.amazon.awssdk.services.cloudtrail.model.TrailInfo;
import software.amazon.awssdk.services.cloudtrail.model.UpdateTrailRequest;
import software.amazon.awssdk.services.cloudtrail.model.UpdateTrailResponse;

/** Makes, changes, shows and removes trails. Source: AWS CloudTrail API Reference, CreateTrail and its neighbours. */
final class Trails {
    private static final int MAX_TRAILS = 5;
    /** The members of CreateTrail and UpdateTrail that are acted on. */
    private static final String[] MEMBERS = {
        "Name",
        "S3BucketName",
        "S3KeyPrefix",
        "IncludeGlobalServiceEvents",
        "IsMultiRegionTrail",
        "EnableLogFileValidation",
        "TagsList",
        "TagsList.*"
    };

    private final TrailStore store;
    private final TrailBucket bucket;

    Trails(TrailStore store, TrailBucket bucket) {
        this.store = store;
        this.bucket = bucket;
    }

    CreateTrailResponse create(Call call, CreateTrailRequest request) {
        TrailName.supported(request, MEMBERS);
        Scope home = call.scope();
        String name = TrailName.valid(request.name());
        Trail trail = checked(Trail.builder()
                .name(name)
                .trailARN(TrailName.arn(home, name))
                .homeRegion(home.region())
                .s3BucketName(request.s3BucketName())
                .s3KeyPrefix(request.s3KeyPrefix())
                .includeGlobalServiceEvents(Objects.requireNonNullElse(request.includeGlobalServiceEvents(), true))
                .isMultiRegionTrail(Objects.requireNonNullElse(request.isMultiRegionTrail(), false))
                .logFileValidationEnabled(Objects.requireNonNullElse(request.enableLogFileValidation(), false))
                .isOrganizationTrail(false)
                .hasCustomEventSelectors(false)
                .hasInsightSelectors(false)
                .build());
        Map<String, String> tags = TrailTags.added(new HashMap<>(), request.tagsList());
        refuseTaken(store.ofAccount(home.account()), home, name);
        bucket.check(home, trail.s3BucketName(), trail.s3KeyPrefix(), trail.trailARN());
        return call.commit(tx -> {
            refuseTaken(store.find(tx, new TrailKey(home, name)).stream().toList(), home, name);
            store.trails().insert(tx, home, name, trail, tags);
            return CreateTrailResponse.builder()
                    .name(name)
                    .s3BucketName(trail.s3BucketName())
                    .s3KeyPrefix(trail.s3KeyPrefix())
                    .includeGlobalServiceEvents(trail.includeGlobalServiceEvents())
                    .isMultiRegionTrail(trail.isMultiRegionTrail())
                    .trailARN(trail.trailARN())
                    .logFileValidationEnabled(trail.logFileValidationEnabled())
                    .isOrganizationTrail(false)
                    .build();
        });
    }

    private static void refuseTaken(List<TrailState> trails, Scope home, String name) {
        List<TrailState> here =
                trails.stream().filter(trail -> trail.scope().equals(home)).toList();
        if (here.stream().anyMatch(trail -> trail.name().equals(name))) {
            throw TrailAlreadyExistsException.builder()
                    .message("Trail %s already exists for customer: %s".formatted(name, home.account()))
                    .build();
        }
        if (here.size() >= MAX_TRAILS) {
            throw MaximumNumberOfTrailsExceededException.builder()
                    .message("User: %s already has %d trails in %s."
                            .formatted(home.account(), MAX_TRAILS, home.region()))
                    .build();
        }
    }

    private static Trail checked(Trail trail) {
        if (trail.isMultiRegionTrail() && !trail.includeGlobalServiceEvents()) {
            throw InvalidParameterCombinationException.builder()
                    .message("Multi-Region trail must include global service events.")
                    .build();
        }
        return trail;
    }

    UpdateTrailResponse update(Call call, UpdateTrailRequest request) {
        TrailName.supported(request, MEMBERS);
        TrailState seen = store.require(call.scope(), request.name());
        if (!seen.scope().equals(call.scope())) {
            throw TrailErrors.notAtHome(seen.arn(), seen.scope().region());
        }
        Trail wanted = updated(seen.trail(), request);
        bucket.check(seen.scope(), wanted.s3BucketName(), wanted.s3KeyPrefix(), seen.arn());
        return call.commit(tx -> {
            TrailState trail = store.requireHome(tx, call.scope(), request.name());
            Trail changed = updated(trail.trail(), request);
            store.update(tx, trail.with(changed));
            return UpdateTrailResponse.builder()
                    .name(changed.name())
                    .s3BucketName(changed.s3BucketName())
                    .s3KeyPrefix(changed.s3KeyPrefix())
                    .includeGlobalServiceEvents(changed.includeGlobalServiceEvents())
                    .isMultiRegionTrail(changed.isMultiRegionTrail())
                    .trailARN(changed.trailARN())
                    .logFileValidationEnabled(changed.logFileValidationEnabled())
                    .isOrganizationTrail(false)
                    .build();
        });
    }

    private static Trail updated(Trail trail, UpdateTrailRequest request) {
        return checked(trail.toBuilder()
                .s3BucketName(Objects.requireNonNullElse(request.s3BucketName(), trail.s3BucketName()))
                .s3KeyPrefix(request.s3KeyPrefix() == null ? trail.s3KeyPrefix() : request.s3KeyPrefix())
                .includeGlobalServiceEvents(Objects.requireNonNullElse(
                        request.includeGlobalServiceEvents(), trail.includeGlobalServiceEvents()))
                .isMultiRegionTrail(
                        Objects.requireNonNullElse(request.isMultiRegionTrail(), trail.isMultiRegionTrail()))
                .logFileValidationEnabled(
                        Objects.requireNonNullElse(request.enableLogFileValidation(), trail.logFileValidationEnabled()))
                .build());
    }

    DeleteTrailResponse delete(Call call, DeleteTrailRequest request) {
        return call.commit(tx -> {
            store.remove(tx, store.requireHome(tx, call.scope(), request.name()));
            return DeleteTrailResponse.builder().build();
        });
    }

    GetTrailResponse get(Call call, String name) {
        return GetTrailResponse.builder()
                .trail(store.require(call.scope(), name).trail())
                .build();
    }

    /** Names that there is no trail of are left out. */
    DescribeTrailsResponse describe(Call call, DescribeTrailsRequest request) {
        boolean shadows = !Boolean.FALSE.equals(request.includeShadowTrails());
        Stream<TrailState> seen = store.ofAccount(call.scope().account()).stream()
                .filter(trail -> trail.scope().equals(call.scope()) || (shadows && trail.isMultiRegion()));
        if (!request.trailNameList().isEmpty()) {
            List<TrailName> wanted = request.trailNameList().stream()
                    .map(name -> TrailName.of(call.scope(), name))
                    .toList();
            seen = seen.filter(trail -> wanted.stream().anyMatch(name -> fits(name, trail)));
        }
        return DescribeTrailsResponse.builder()
                .trailList(seen.map(TrailState::trail).toList())
                .build();
    }

    private static boolean fits(TrailName name, TrailState trail) {
        return name.name().equals(trail.name())
                && (!name.byArn() || name.scope().equals(trail.scope()));
    }

    /** All of the account, in one page: there are few. */
    ListTrailsResponse list(Call call) {
        return ListTrailsResponse.builder()
                .trails(store.ofAccount(call.scope().account()).stream()
                        .map(trail -> TrailInfo.builder()
                                .name(trail.name())
                                .trailARN(trail.arn())
                                .homeRegion(trail.scope().region())
                                .build())
                        .toList())
                .build();
    }
}
