package dev.groundplane.services.redshift;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.integration.IntegrationStore;
import dev.groundplane.services.warehouse.RequestRules;
import dev.groundplane.wire.WireForm;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.redshift.model.CreateIntegrationRequest;
import software.amazon.awssdk.services.redshift.model.CreateIntegrationResponse;
import software.amazon.awssdk.services.redshift.model.DeleteIntegrationRequest;
import software.amazon.awssdk.services.redshift.model.DeleteIntegrationResponse;
import software.amazon.awssdk.services.redshift.model.DescribeInboundIntegrationsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeInboundIntegrationsResponse;
import software.amazon.awssdk.services.redshift.model.DescribeIntegrationsFilter;
import software.amazon.awssdk.services.redshift.model.DescribeIntegrationsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeIntegrationsResponse;
import software.amazon.awssdk.services.redshift.model.InboundIntegration;
import software.amazon.awssdk.services.redshift.model.Integration;
import software.amazon.awssdk.services.redshift.model.IntegrationError;
import software.amazon.awssdk.services.redshift.model.ModifyIntegrationRequest;
import software.amazon.awssdk.services.redshift.model.ModifyIntegrationResponse;
import software.amazon.awssdk.services.redshift.model.ZeroETLIntegrationStatus;

/**
 * S3 event integrations, which say that a warehouse's copy jobs load what lands in a bucket. Copy jobs are told of files with or
 * without one, so that there is nothing to set up: an integration is active as long as its bucket and its warehouse are there.
 */
final class EventIntegrations {
    private static final Pattern NAME = Pattern.compile("(?=.{1,63}$)[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*");
    private static final String BUCKET = "arn:aws:s3:::";
    private static final Set<String> CREATION = Set.of(
            "IntegrationName", "SourceArn", "TargetArn", "Description", "TagList", "TagList.Key", "TagList.Value");

    private static final Map<String, Function<Integration, String>> FILTERS = Map.of(
            "integration-arn", Integration::integrationArn,
            "source-arn", Integration::sourceArn,
            "source-types", integration -> "s3-event-notifications",
            "status", Integration::statusAsString);

    private final EventIntegrationStore store;
    private final IntegrationStore zeroEtl;
    private final BiPredicate<Scope, String> buckets;
    private final Predicate<String> targets;
    private final InstantSource clock;

    /**
     * @param zeroEtl integrations that other services made
     * @param buckets whether an account has a bucket of a name in the scope's region
     * @param targets whether there is a warehouse's namespace of an ARN
     */
    EventIntegrations(
            EventIntegrationStore store,
            IntegrationStore zeroEtl,
            BiPredicate<Scope, String> buckets,
            Predicate<String> targets,
            InstantSource clock) {
        this.store = store;
        this.zeroEtl = zeroEtl;
        this.buckets = buckets;
        this.targets = targets;
        this.clock = clock;
    }

    CreateIntegrationResponse create(Call call, CreateIntegrationRequest request) {
        RedshiftErrors.checkMembers(request, CREATION);
        String name = name(request.integrationName());
        String bucket = bucket(request.sourceArn());
        if (!buckets.test(call.scope(), bucket)) {
            throw RedshiftErrors.noSource(request.sourceArn());
        }
        if (request.targetArn() == null
                || !isOwn(call.scope(), request.targetArn())
                || !targets.test(request.targetArn())) {
            throw RedshiftErrors.noTarget(String.valueOf(request.targetArn()));
        }
        String id = UUID.randomUUID().toString();
        Integration made = Integration.builder()
                .integrationName(name)
                .integrationArn(EventIntegrationStore.arn(call.scope(), id))
                .sourceArn(request.sourceArn())
                .targetArn(request.targetArn())
                .description(request.description())
                .tags(Tags.added(List.of(), request.tagList()))
                .status(ZeroETLIntegrationStatus.ACTIVE)
                .createTime(clock.instant())
                .build();
        call.commit(tx -> {
            requireFree(name, store.list(tx, call.scope()));
            store.integrations().insert(tx, call.scope(), id, made, Map.of());
            return made;
        });
        return as(CreateIntegrationResponse.class, CreateIntegrationResponse::builder, made);
    }

    private static String name(@Nullable String given) {
        if (given == null || !NAME.matcher(given).matches()) {
            throw RedshiftErrors.invalid(
                    "IntegrationName '%s' must be 1 to 63 letters, digits and single hyphens, beginning with a letter and"
                            + " not ending with a hyphen.",
                    String.valueOf(given));
        }
        return given;
    }

    private static String bucket(@Nullable String arn) {
        if (arn == null || !arn.startsWith(BUCKET) || arn.indexOf('/') >= 0) {
            throw RedshiftErrors.invalid(
                    "SourceArn '%s' must be a bucket's ARN, arn:aws:s3:::BUCKET; integrations with DB clusters are made with"
                            + " aws rds create-integration, with other databases with aws glue create-integration.",
                    String.valueOf(arn));
        }
        return arn.substring(BUCKET.length());
    }

    /** Resource policies that would let other accounts in are not implemented. */
    private static boolean isOwn(Scope scope, String arn) {
        return arn.startsWith(scope.arn("redshift", "")) || arn.startsWith(scope.arn("redshift-serverless", ""));
    }

    private static void requireFree(String name, List<Integration> there) {
        if (there.stream().anyMatch(one -> one.integrationName().equals(name))) {
            throw RedshiftErrors.integrationExists(name);
        }
    }

    /** What else has an integration's members, in part. */
    private static <T extends SdkPojo> T as(Class<T> type, Supplier<?> builder, SdkPojo integration) {
        return WireForm.of(type, builder).decode(WireForm.json(integration));
    }

    /** With the status that it has now. */
    private Integration shown(Scope scope, Integration integration) {
        if (!buckets.test(scope, bucket(integration.sourceArn()))) {
            return broken(integration, "SourceNotFound", "Bucket %s is gone.".formatted(integration.sourceArn()));
        }
        if (!targets.test(integration.targetArn())) {
            return broken(integration, "TargetNotFound", "Warehouse %s is gone.".formatted(integration.targetArn()));
        }
        return integration;
    }

    private static Integration broken(Integration integration, String code, String message) {
        return integration.toBuilder()
                .status(ZeroETLIntegrationStatus.FAILED)
                .errors(IntegrationError.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }

    DescribeIntegrationsResponse describe(Call call, DescribeIntegrationsRequest request) {
        Stream<Integration> all = store.list(call.scope()).stream();
        if (request.integrationArn() != null) {
            all = Stream.of(store.find(call.scope(), request.integrationArn())
                    .orElseThrow(() -> RedshiftErrors.noIntegration(request.integrationArn())));
        }
        all = all.map(one -> shown(call.scope(), one));
        for (DescribeIntegrationsFilter filter : request.filters()) {
            Function<Integration, String> value = FILTERS.get(filter.nameAsString());
            if (value == null) {
                throw RedshiftErrors.invalid(
                        "Filters.Name '%s' must be one of %s.",
                        filter.nameAsString(),
                        String.join(", ", FILTERS.keySet().stream().sorted().toList()));
            }
            all = all.filter(one -> filter.values().contains(value.apply(one)));
        }
        Page<Integration> page = page(all, Integration::integrationArn, request.maxRecords(), request.marker());
        return DescribeIntegrationsResponse.builder()
                .integrations(page.items())
                .marker(page.marker())
                .build();
    }

    /** Of all services whose integrations have a warehouse as their target. */
    DescribeInboundIntegrationsResponse describeInbound(Call call, DescribeInboundIntegrationsRequest request) {
        Stream<InboundIntegration> events = store.list(call.scope()).stream()
                .map(one -> as(InboundIntegration.class, InboundIntegration::builder, shown(call.scope(), one)));
        Stream<InboundIntegration> followed = Stream.of("rds", "glue")
                .flatMap(service -> zeroEtl.list(service, call.scope()).stream())
                .map(one -> as(InboundIntegration.class, InboundIntegration::builder, one));
        List<InboundIntegration> all = Stream.concat(events, followed)
                .filter(one ->
                        request.integrationArn() == null || one.integrationArn().equals(request.integrationArn()))
                .toList();
        if (request.integrationArn() != null && all.isEmpty()) {
            throw RedshiftErrors.noIntegration(request.integrationArn());
        }
        Page<InboundIntegration> page = page(
                all.stream()
                        .filter(one ->
                                request.targetArn() == null || one.targetArn().equals(request.targetArn())),
                InboundIntegration::integrationArn,
                request.maxRecords(),
                request.marker());
        return DescribeInboundIntegrationsResponse.builder()
                .inboundIntegrations(page.items())
                .marker(page.marker())
                .build();
    }

    private record Page<T>(List<T> items, @Nullable String marker) {}

    private static <T> Page<T> page(
            Stream<T> all, Function<T, String> arn, @Nullable Integer wanted, @Nullable String marker) {
        int size = ClusterRules.pageSize(wanted);
        String after = ClusterRules.after(marker);
        List<T> found = all.filter(one -> arn.apply(one).compareTo(after) > 0)
                .sorted(Comparator.comparing(arn))
                .limit(size + 1L)
                .toList();
        return found.size() <= size
                ? new Page<>(found, null)
                : new Page<>(found.subList(0, size), RequestRules.marker(arn.apply(found.get(size - 1))));
    }

    ModifyIntegrationResponse modify(Call call, ModifyIntegrationRequest request) {
        Integration modified = call.commit(tx -> {
            Stored<Integration> stored = store.require(tx, call.scope(), request.integrationArn());
            Integration.Builder next = stored.value().toBuilder();
            Optional.ofNullable(request.description()).ifPresent(next::description);
            if (request.integrationName() != null
                    && !request.integrationName().equals(stored.value().integrationName())) {
                next.integrationName(name(request.integrationName()));
                requireFree(request.integrationName(), store.list(tx, call.scope()));
            }
            store.integrations().update(tx, stored.with(next.build()));
            return next.build();
        });
        return as(ModifyIntegrationResponse.class, ModifyIntegrationResponse::builder, shown(call.scope(), modified));
    }

    DeleteIntegrationResponse delete(Call call, DeleteIntegrationRequest request) {
        Integration deleted = call.commit(tx -> {
            Stored<Integration> stored = store.require(tx, call.scope(), request.integrationArn());
            store.integrations().deleteIfPresent(tx, call.scope(), stored.name());
            return stored.value().toBuilder()
                    .status(ZeroETLIntegrationStatus.DELETING)
                    .build();
        });
        return as(DeleteIntegrationResponse.class, DeleteIntegrationResponse::builder, deleted);
    }
}
