package dev.groundplane.services.ecs;

import dev.groundplane.platform.store.Stored;
import java.time.Duration;
import java.time.Instant;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * The pauses between the starts of a service whose tasks keep failing. Each round of failures doubles the pause; a task that
 * can be relied on, or a new deployment, ends them. Immutable; kept as extras of the service. Source: Amazon ECS Developer
 * Guide, "Service throttle logic".
 *
 * @param rounds how many times in a row tasks failed
 * @param until nothing is started before
 */
record Throttle(int rounds, Instant until) {
    static final Throttle NONE = new Throttle(0, Instant.EPOCH);
    static final Duration FIRST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofMinutes(5);
    /** When a service begins to say that it is impaired. */
    static final int IMPAIRED = 3;

    private static final String ROUNDS = "throttle-rounds";
    private static final String UNTIL = "throttle-until";
    private static final int MOST_DOUBLINGS = 20;

    static Throttle of(Stored<Service> service) {
        String rounds = service.extra().get(ROUNDS);
        return rounds == null
                ? NONE
                : new Throttle(
                        Integer.parseInt(rounds),
                        Instant.ofEpochMilli(Long.parseLong(service.extra().getOrDefault(UNTIL, "0"))));
    }

    /** The service with this throttle. */
    Stored<Service> kept(Stored<Service> service) {
        return rounds == 0
                ? service.withExtra(ROUNDS, null).withExtra(UNTIL, null)
                : service.withExtra(ROUNDS, Integer.toString(rounds))
                        .withExtra(UNTIL, Long.toString(until.toEpochMilli()));
    }

    /** A task failed. What was started before the last pause belongs to the round that led to it. */
    Throttle failed(Instant created, Instant now) {
        if (created.isBefore(until)) {
            return this;
        }
        Duration pause = FIRST.multipliedBy(1L << Math.min(rounds, MOST_DOUBLINGS));
        return new Throttle(rounds + 1, now.plus(pause.compareTo(LONGEST) < 0 ? pause : LONGEST));
    }

    /** A task can be relied on. */
    Throttle succeeded(Instant created) {
        return created.isBefore(until) ? this : NONE;
    }

    /** How long to wait still; zero or less when starts are allowed. */
    Duration left(Instant now) {
        return Duration.between(now, until);
    }
}
