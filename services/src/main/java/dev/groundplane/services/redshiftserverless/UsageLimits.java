package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshiftserverless.model.CreateUsageLimitRequest;
import software.amazon.awssdk.services.redshiftserverless.model.CreateUsageLimitResponse;
import software.amazon.awssdk.services.redshiftserverless.model.DeleteUsageLimitRequest;
import software.amazon.awssdk.services.redshiftserverless.model.DeleteUsageLimitResponse;
import software.amazon.awssdk.services.redshiftserverless.model.GetUsageLimitRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetUsageLimitResponse;
import software.amazon.awssdk.services.redshiftserverless.model.ListUsageLimitsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ListUsageLimitsResponse;
import software.amazon.awssdk.services.redshiftserverless.model.UpdateUsageLimitRequest;
import software.amazon.awssdk.services.redshiftserverless.model.UpdateUsageLimitResponse;
import software.amazon.awssdk.services.redshiftserverless.model.UsageLimit;
import software.amazon.awssdk.services.redshiftserverless.model.UsageLimitBreachAction;
import software.amazon.awssdk.services.redshiftserverless.model.UsageLimitPeriod;
import software.amazon.awssdk.services.redshiftserverless.model.UsageLimitUsageType;

/** Limits of what workgroups may use in a day, a week from Sunday on, or a month, all of UTC. Thread-safe. */
final class UsageLimits {
    private static final String BY_RESOURCE = "resource";
    private static final long SECONDS_OF_HOUR = 3600;

    private final RedshiftStore store;
    private final Usage usage;
    private final InstantSource clock;
    private final Resources<UsageLimit> limits;

    UsageLimits(Database database, Events events, RedshiftStore store, Usage usage, InstantSource clock) {
        this.store = store;
        this.usage = usage;
        this.clock = clock;
        WireForm<UsageLimit> form = WireForm.of(UsageLimit.class, UsageLimit::builder);
        limits = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        "redshift-serverless:usage-limit",
                        form::encode,
                        form::decode,
                        (value, extra) -> Map.of(BY_RESOURCE, value.resourceArn())));
    }

    CreateUsageLimitResponse create(Call call, CreateUsageLimitRequest request) {
        if (request.usageType() != UsageLimitUsageType.SERVERLESS_COMPUTE) {
            throw RedshiftErrors.invalid(
                    "usageType '%s' is not implemented by Groundplane; use serverless-compute.",
                    request.usageTypeAsString());
        }
        String resource = Objects.requireNonNullElse(request.resourceArn(), "");
        long amount = amount(request.amount());
        UsageLimitPeriod period = Objects.requireNonNullElse(request.period(), UsageLimitPeriod.MONTHLY);
        if (period == UsageLimitPeriod.UNKNOWN_TO_SDK_VERSION) {
            throw RedshiftErrors.invalid("period '%s' must be daily, weekly or monthly.", request.periodAsString());
        }
        UsageLimitBreachAction action =
                action(Objects.requireNonNullElse(request.breachAction(), UsageLimitBreachAction.LOG));
        return call.commit(tx -> {
            if (store.workgroups().list(call.scope(), "", "", Resources.ALL).items().stream()
                    .noneMatch(workgroup -> workgroup.value().workgroupArn().equals(resource))) {
                throw RedshiftErrors.notFound("Workgroup", resource);
            }
            String id = UUID.randomUUID().toString();
            UsageLimit limit = UsageLimit.builder()
                    .usageLimitId(id)
                    .usageLimitArn(call.scope().arn("redshift-serverless", "usagelimit/" + id))
                    .resourceArn(resource)
                    .usageType(UsageLimitUsageType.SERVERLESS_COMPUTE)
                    .amount(amount)
                    .period(period)
                    .breachAction(action)
                    .build();
            requireOnly(tx, call, limit);
            limits.insert(tx, call.scope(), id, limit, Map.of());
            return CreateUsageLimitResponse.builder().usageLimit(limit).build();
        });
    }

    /** Refuses a second limit of a workgroup that does the same in the same time. */
    private void requireOnly(Transaction tx, Call call, UsageLimit limit) throws SQLException {
        boolean taken = of(tx, call, limit.resourceArn()).stream()
                .map(Stored::value)
                .anyMatch(other -> !other.usageLimitId().equals(limit.usageLimitId())
                        && other.period() == limit.period()
                        && other.breachAction() == limit.breachAction());
        if (taken) {
            throw RedshiftErrors.conflict(
                    "%s has a %s usage limit that does %s already.",
                    limit.resourceArn(), limit.period(), limit.breachAction());
        }
    }

    private List<Stored<UsageLimit>> of(Transaction tx, Call call, String workgroupArn) throws SQLException {
        return limits.listByIndex(tx, call.scope(), BY_RESOURCE, workgroupArn, "", Resources.ALL)
                .items();
    }

    /** A workgroup is gone, and its limits with it. */
    void removeAll(Transaction tx, Call call, String workgroupArn) throws SQLException {
        for (Stored<UsageLimit> limit : of(tx, call, workgroupArn)) {
            limits.delete(tx, limit);
        }
    }

    private static long amount(@Nullable Long amount) {
        if (amount == null || amount < 1) {
            throw RedshiftErrors.invalid("amount %s must be 1 or more, in RPU-hours.", Objects.toString(amount));
        }
        return amount;
    }

    private static UsageLimitBreachAction action(UsageLimitBreachAction action) {
        if (action != UsageLimitBreachAction.LOG && action != UsageLimitBreachAction.DEACTIVATE) {
            throw RedshiftErrors.invalid(
                    "breachAction '%s' is not implemented by Groundplane; use log or deactivate.", action);
        }
        return action;
    }

    GetUsageLimitResponse get(Call call, GetUsageLimitRequest request) {
        String id = Objects.requireNonNullElse(request.usageLimitId(), "");
        return GetUsageLimitResponse.builder()
                .usageLimit(limits.find(call.scope(), id)
                        .orElseThrow(() -> RedshiftErrors.notFound("Usage limit", id))
                        .value())
                .build();
    }

    ListUsageLimitsResponse list(Call call, ListUsageLimitsRequest request) {
        RedshiftErrors.checkMembers(request, Set.of("resourceArn", "usageType", "nextToken", "maxResults"));
        var page =
                limits.list(call.scope(), "", Rules.after(request.nextToken()), Rules.pageSize(request.maxResults()));
        return ListUsageLimitsResponse.builder()
                .usageLimits(page.items().stream()
                        .map(Stored::value)
                        .filter(limit -> request.resourceArn() == null
                                || limit.resourceArn().equals(request.resourceArn()))
                        .filter(limit -> request.usageType() == null || limit.usageType() == request.usageType())
                        .toList())
                .nextToken(Rules.token(page))
                .build();
    }

    UpdateUsageLimitResponse update(Call call, UpdateUsageLimitRequest request) {
        return call.commit(tx -> {
            Stored<UsageLimit> stored = require(tx, call, request.usageLimitId());
            UsageLimit.Builder changed = stored.value().toBuilder();
            if (request.amount() != null) {
                changed.amount(amount(request.amount()));
            }
            if (request.breachAction() != null) {
                changed.breachAction(action(request.breachAction()));
            }
            Stored<UsageLimit> update = stored.with(changed.build());
            requireOnly(tx, call, update.value());
            limits.update(tx, update);
            return UpdateUsageLimitResponse.builder().usageLimit(update.value()).build();
        });
    }

    DeleteUsageLimitResponse delete(Call call, DeleteUsageLimitRequest request) {
        return call.commit(tx -> {
            Stored<UsageLimit> stored = require(tx, call, request.usageLimitId());
            limits.delete(tx, stored);
            return DeleteUsageLimitResponse.builder().usageLimit(stored.value()).build();
        });
    }

    private Stored<UsageLimit> require(Transaction tx, Call call, @Nullable String id) throws SQLException {
        String wanted = Objects.requireNonNullElse(id, "");
        return limits.find(tx, call.scope(), wanted).orElseThrow(() -> RedshiftErrors.notFound("Usage limit", wanted));
    }

    /** The limits that a workgroup has reached. */
    List<UsageLimit> reached(Warehouse warehouse) {
        String arn = warehouse.scope().arn("redshift-serverless", "workgroup/" + warehouse.workgroupId());
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return limits.list(warehouse.scope(), "", "", Resources.ALL).items().stream()
                .map(Stored::value)
                .filter(limit -> limit.resourceArn().equals(arn))
                .filter(limit -> usage.computeSecondsSince(warehouse, first(limit.period(), today))
                        >= limit.amount() * SECONDS_OF_HOUR)
                .toList();
    }

    private static LocalDate first(UsageLimitPeriod period, LocalDate today) {
        return switch (period) {
            case DAILY -> today;
            case WEEKLY -> today.with(TemporalAdjusters.previousOrSame(DayOfWeek.SUNDAY));
            case MONTHLY -> today.withDayOfMonth(1);
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("a limit of a period that is none");
        };
    }
}
