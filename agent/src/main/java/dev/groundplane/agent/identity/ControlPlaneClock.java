package dev.groundplane.agent.identity;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane's time: this host's, corrected by what the Date headers of answers say. Signatures are made by it, so
 * that a host whose clock is wrong can work all the same. Thread safe.
 */
public final class ControlPlaneClock extends Clock {
    private static final Logger log = LoggerFactory.getLogger(ControlPlaneClock.class);
    /** Date headers have whole seconds, and answers take some time. */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);
    /** Less than what signatures may be off, which is five minutes. */
    private static final Duration REMARKABLE = Duration.ofMinutes(1);

    private final Clock host;
    private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

    /** @param host this host's clock */
    public ControlPlaneClock(Clock host) {
        this.host = host;
    }

    @Override
    public Instant instant() {
        return host.instant().plus(offset.get());
    }

    /**
     * Learns from an answer that has just come.
     *
     * @param date the value of its Date header (RFC 9110); one that is none is ignored
     */
    void learn(String date) {
        Instant told;
        try {
            told = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return;
        }
        if (Duration.between(instant(), told).abs().compareTo(TOLERANCE) <= 0) {
            return;
        }
        var correction =
                Duration.ofSeconds(Duration.between(host.instant(), told).toSeconds());
        offset.set(correction);
        if (correction.abs().compareTo(REMARKABLE) > 0) {
            log.warn(
                    "this host's clock is {} s {} the control plane's; requests are signed with the latter's time."
                            + " Set this host's clock, for example with NTP",
                    correction.abs().toSeconds(),
                    correction.isNegative() ? "ahead of" : "behind");
        }
    }

    /** What is added to the host's time. */
    Duration correction() {
        return offset.get();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("instants have no zone");
    }
}
