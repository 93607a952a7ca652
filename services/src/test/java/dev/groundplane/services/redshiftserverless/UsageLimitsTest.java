package dev.groundplane.services.redshiftserverless;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.StoredCall;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.services.warehouse.WarehouseFoundation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.redshiftserverless.RedshiftServerlessClient;
import software.amazon.awssdk.services.redshiftserverless.model.ConflictException;
import software.amazon.awssdk.services.redshiftserverless.model.ResourceNotFoundException;
import software.amazon.awssdk.services.redshiftserverless.model.UsageLimit;
import software.amazon.awssdk.services.redshiftserverless.model.UsageLimitBreachAction;
import software.amazon.awssdk.services.redshiftserverless.model.UsageLimitPeriod;
import software.amazon.awssdk.services.redshiftserverless.model.ValidationException;

class UsageLimitsTest {
    /** A Thursday. */
    private static final Instant START = Instant.parse("2026-01-15T12:00:00Z");

    private static final int CAPACITY = 8;

    @TempDir
    private Path directory;

    private Database database;
    private WarehouseFoundation foundation;
    private RedshiftServerless service;
    private volatile Instant now = START;
    private String workgroup;

    @BeforeEach
    void open() {
        database = new SqliteDatabase(directory.resolve("db"), Resources.MIGRATIONS);
        Events events = new Events();
        foundation = new WarehouseFoundation(
                database,
                events,
                SecretKeyFile.open(directory.resolve("key"), directory.resolve("none")),
                port -> true,
                () -> now);
        service = new RedshiftServerless(
                database,
                events,
                "warehouse.example",
                (caller, role, principal) -> RolePassing.Verdict.NO_SUCH_ROLE,
                foundation,
                () -> now);
        client().createNamespace(r -> r.namespaceName("risk"));
        workgroup = client().createWorkgroup(
                        r -> r.workgroupName("risk").namespaceName("risk").baseCapacity(CAPACITY))
                .workgroup()
                .workgroupArn();
    }

    @AfterEach
    void close() {
        service.close();
        foundation.close();
        database.close();
    }

    private RedshiftServerlessClient client() {
        return service.client(StoredCall.ofRoot(database, "123456789012"));
    }

    private UsageLimit limit(long amount, UsageLimitPeriod period, UsageLimitBreachAction action) {
        return client().createUsageLimit(r -> r.resourceArn(workgroup)
                        .usageType("serverless-compute")
                        .amount(amount)
                        .period(period)
                        .breachAction(action))
                .usageLimit();
    }

    private Warehouse warehouse() {
        return service.warehouses().getFirst();
    }

    private void awake(Instant from, Duration time) {
        service.recordUsage(warehouse(), new UsagePeriod(from, from.plus(time), CAPACITY, 1));
    }

    @Test
    void aLimitIsReachedWithItsLastSecondAndUntilItsPeriodEnds() {
        UsageLimit daily = limit(1, UsageLimitPeriod.DAILY, UsageLimitBreachAction.DEACTIVATE);
        Duration hour = Duration.ofHours(1).dividedBy(CAPACITY);
        awake(START, hour.minusSeconds(1));
        assertThat(service.reachedLimits(warehouse())).isEmpty();
        awake(START.plus(hour), Duration.ofSeconds(1));
        assertThat(service.reachedLimits(warehouse())).containsExactly(daily);

        now = Instant.parse("2026-01-16T00:00:00Z");
        assertThat(service.reachedLimits(warehouse())).isEmpty();
    }

    @Test
    void aWeekBeginsOnSundayAndAMonthOnItsFirst() {
        UsageLimit weekly = limit(1, UsageLimitPeriod.WEEKLY, UsageLimitBreachAction.LOG);
        UsageLimit monthly = limit(1, UsageLimitPeriod.MONTHLY, UsageLimitBreachAction.LOG);
        awake(Instant.parse("2026-01-10T23:00:00Z"), Duration.ofHours(1)); // a Saturday
        assertThat(service.reachedLimits(warehouse())).containsExactly(monthly);
        awake(Instant.parse("2026-01-11T00:00:00Z"), Duration.ofHours(1));
        assertThat(service.reachedLimits(warehouse())).containsExactlyInAnyOrder(weekly, monthly);

        now = Instant.parse("2026-02-01T00:00:00Z");
        assertThat(service.reachedLimits(warehouse())).isEmpty();
    }

    @Test
    void aPeriodThatIsRecordedTwiceCountsOnce() {
        awake(START, Duration.ofMinutes(1));
        awake(START, Duration.ofMinutes(1));

        assertThat(service.usage(warehouse()))
                .containsExactly(new UsagePeriod(START, START.plusSeconds(60), CAPACITY, 1));
        assertThat(service.usage(warehouse()).getFirst().computeSeconds()).isEqualTo(60 * CAPACITY);
    }

    @Test
    void limitsAreChangedAndRemoved() {
        UsageLimit made = limit(1, UsageLimitPeriod.DAILY, UsageLimitBreachAction.DEACTIVATE);
        awake(START, Duration.ofHours(1));
        client().updateUsageLimit(r -> r.usageLimitId(made.usageLimitId()).amount(1000L));
        assertThat(service.reachedLimits(warehouse())).isEmpty();
        client().updateUsageLimit(
                        r -> r.usageLimitId(made.usageLimitId()).amount(1L).breachAction(UsageLimitBreachAction.LOG));
        assertThat(service.reachedLimits(warehouse()))
                .extracting(UsageLimit::breachAction)
                .containsExactly(UsageLimitBreachAction.LOG);
        assertThat(client().listUsageLimits(r -> r.resourceArn(workgroup)).usageLimits())
                .hasSize(1);
        assertThat(client().listUsageLimits(r -> r.resourceArn("another")).usageLimits())
                .isEmpty();
        client().deleteUsageLimit(r -> r.usageLimitId(made.usageLimitId()));
        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(() -> client().getUsageLimit(r -> r.usageLimitId(made.usageLimitId())));
    }

    @Test
    void anotherActionIsRefusedWhereALimitHasItAlready() {
        limit(1, UsageLimitPeriod.DAILY, UsageLimitBreachAction.LOG);
        UsageLimit other = limit(2, UsageLimitPeriod.DAILY, UsageLimitBreachAction.DEACTIVATE);
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> client().updateUsageLimit(
                                r -> r.usageLimitId(other.usageLimitId()).breachAction(UsageLimitBreachAction.LOG)));
        client().updateUsageLimit(r -> r.usageLimitId(other.usageLimitId()).amount(3L));
    }

    @Test
    void limitsGoWithTheirWorkgroup() {
        limit(1, UsageLimitPeriod.DAILY, UsageLimitBreachAction.LOG);
        client().deleteWorkgroup(r -> r.workgroupName(warehouse().workgroup()));
        assertThat(client().listUsageLimits(r -> {}).usageLimits()).isEmpty();
    }

    @Test
    void whatIsNotKeptIsRefused() {
        limit(1, UsageLimitPeriod.DAILY, UsageLimitBreachAction.LOG);
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> limit(2, UsageLimitPeriod.DAILY, UsageLimitBreachAction.LOG));
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> limit(1, UsageLimitPeriod.DAILY, UsageLimitBreachAction.EMIT_METRIC))
                .withMessageContaining("emit-metric");
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> limit(0, UsageLimitPeriod.DAILY, UsageLimitBreachAction.DEACTIVATE));
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> client().createUsageLimit(r -> r.resourceArn(workgroup)
                        .usageType("cross-region-datasharing")
                        .amount(1L)));
        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(() -> client().createUsageLimit(r -> r.resourceArn("arn:aws:none")
                        .usageType("serverless-compute")
                        .amount(1L)));
    }
}
