package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.audit.AuditScan;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusResponse;
import software.amazon.awssdk.services.cloudtrail.model.StartLoggingResponse;
import software.amazon.awssdk.services.cloudtrail.model.StopLoggingResponse;

/**
 * Whether trails deliver, and how they get on. Source: AWS CloudTrail API Reference, StartLogging, StopLogging and
 * GetTrailStatus.
 */
final class TrailLogging {
    private final TrailStore store;
    private final AuditScan scan;
    private final InstantSource clock;
    private final Consumer<TrailKey> wake;

    /** @param wake has a trail deliver soon */
    TrailLogging(TrailStore store, AuditScan scan, InstantSource clock, Consumer<TrailKey> wake) {
        this.store = store;
        this.scan = scan;
        this.clock = clock;
        this.wake = wake;
    }

    /** What follows is delivered, this call included. */
    StartLoggingResponse start(Call call, String name) {
        return call.commit(tx -> {
            TrailState trail = store.requireHome(tx, call.scope(), name);
            if (!trail.isLogging()) {
                store.update(tx, trail.started(now(), scan.tip(tx)));
                tx.afterCommit(() -> wake.accept(TrailKey.of(trail)));
            }
            return StartLoggingResponse.builder().build();
        });
    }

    /** What was before is delivered, and this call, whose record follows in its transaction. */
    StopLoggingResponse stop(Call call, String name) {
        return call.commit(tx -> {
            TrailState trail = store.requireHome(tx, call.scope(), name);
            if (trail.isLogging()) {
                store.update(tx, trail.stopped(now(), scan.tip(tx) + 1));
                tx.afterCommit(() -> wake.accept(TrailKey.of(trail)));
            }
            return StopLoggingResponse.builder().build();
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    GetTrailStatusResponse status(Call call, String name) {
        TrailState trail = store.require(call.scope(), name);
        return GetTrailStatusResponse.builder()
                .isLogging(trail.isLogging())
                .startLoggingTime(trail.started().orElse(null))
                .stopLoggingTime(trail.stopped().orElse(null))
                .timeLoggingStarted(text(trail.started()))
                .timeLoggingStopped(text(trail.stopped()))
                .latestDeliveryTime(trail.delivered().orElse(null))
                .latestDeliveryError(trail.deliveryError().orElse(null))
                .latestDeliveryAttemptTime(text(trail.delivered()))
                .latestDeliveryAttemptSucceeded(trail.deliveryError().isPresent() ? "" : text(trail.delivered()))
                .latestNotificationAttemptTime("")
                .latestNotificationAttemptSucceeded("")
                .latestDigestDeliveryTime(trail.digested().orElse(null))
                .latestDigestDeliveryError(trail.digestError().orElse(null))
                .build();
    }

    private static String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse("");
    }
}
