package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.services.warehouse.WarehouseStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** What workgroups have used: periods of the last seven days, as Redshift keeps them, and a sum for each day. Thread-safe. */
final class Usage implements AutoCloseable {
    private static final Duration KEPT = Duration.ofDays(7);
    /** Longer than the longest period of a limit. */
    private static final Duration DAYS_KEPT = Duration.ofDays(32);

    private static final Duration EVERY = Duration.ofHours(1);
    private static final int BATCH = 100;

    private final Database database;
    private final Resources<UsagePeriod> periods;
    private final Resources<Long> days;
    private final InstantSource clock;
    private final Reconciler<String> sweeps = new Reconciler<>("redshift-usage", this::sweep);

    Usage(Database database, Events events, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        periods = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        "redshift-serverless:usage",
                        UsagePeriod::encode,
                        UsagePeriod::decode,
                        (value, extra) -> extra));
        days = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        "redshift-serverless:usage-day",
                        value -> Long.toString(value),
                        Long::parseLong,
                        (value, extra) -> extra));
    }

    void start() {
        sweeps.enqueue("old");
    }

    /** Adds a period. One that begins when another of the workgroup does was added before, and is left out. */
    void add(Warehouse warehouse, UsagePeriod period) {
        String name = prefix(warehouse) + WarehouseStore.expiry(period.start());
        String day = prefix(warehouse) + LocalDate.ofInstant(period.start(), ZoneOffset.UTC);
        database.write(tx -> {
            if (periods.find(tx, warehouse.scope(), name).isPresent()) {
                return false;
            }
            periods.insert(
                    tx, warehouse.scope(), name, period, ends(period.start().plus(KEPT)));
            var sum = days.find(tx, warehouse.scope(), day);
            if (sum.isPresent()) {
                days.update(tx, sum.get().with(sum.get().value() + period.computeSeconds()));
            } else {
                days.insert(
                        tx,
                        warehouse.scope(),
                        day,
                        period.computeSeconds(),
                        ends(period.start().plus(DAYS_KEPT)));
            }
            return true;
        });
    }

    private static Map<String, String> ends(Instant at) {
        return Map.of(WarehouseStore.EXPIRES, WarehouseStore.expiry(at));
    }

    private static String prefix(Warehouse warehouse) {
        return warehouse.workgroupId() + "/";
    }

    /** A workgroup's periods, the oldest first. */
    List<UsagePeriod> of(Warehouse warehouse) {
        return periods.list(warehouse.scope(), prefix(warehouse), "", Resources.ALL).items().stream()
                .map(Stored::value)
                .toList();
    }

    /** What a workgroup has used from a day on: seconds times Redshift processing units. */
    long computeSecondsSince(Warehouse warehouse, LocalDate first) {
        String from = prefix(warehouse) + first;
        return days.list(warehouse.scope(), prefix(warehouse), "", Resources.ALL).items().stream()
                .filter(day -> day.name().compareTo(from) >= 0)
                .mapToLong(Stored::value)
                .sum();
    }

    private void sweep(String key) {
        boolean morePeriods = sweep(periods);
        boolean moreDays = sweep(days);
        if (morePeriods || moreDays) {
            sweeps.enqueue(key);
        } else {
            sweeps.enqueueAfter(key, EVERY);
        }
    }

    /** Removes what has ended; whether there may be more. */
    private <T> boolean sweep(Resources<T> resources) {
        List<Stored<T>> due =
                resources.listByIndexUpTo(WarehouseStore.EXPIRES, WarehouseStore.expiry(clock.instant()), BATCH);
        database.write(tx -> {
            for (Stored<T> one : due) {
                var found = resources.find(tx, one.scope(), one.name());
                if (found.isPresent()) {
                    resources.delete(tx, found.get());
                }
            }
            return true;
        });
        return due.size() == BATCH;
    }

    @Override
    public void close() {
        sweeps.close();
    }
}
