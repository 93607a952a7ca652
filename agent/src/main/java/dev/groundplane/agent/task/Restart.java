package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.ContainerExit;
import dev.groundplane.agent.model.ContainerSpec;
import java.time.Duration;

/**
 * Decides what becomes of a container that has ended while its task goes on. Pure.
 *
 * <p>A restart policy decides as in ECS. Beside that, a service wants its tasks to run: while the control plane is there, it
 * replaces a task that ends; while it is away, the agent starts the container again in the same task, with growing pauses,
 * so that the service keeps its last wanted count.
 */
sealed interface Restart {
    /** The first pause of a container that only runs on because the control plane is away; doubled at each attempt. */
    Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /** The longest pause. */
    Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** It has ended for good. */
    record Never() implements Restart {}

    /** It is started again, as its policy says. */
    record Now() implements Restart {}

    /** It is started again after a pause if the control plane is away, and has ended for good otherwise. */
    record IfAway(Duration pause) implements Restart {}

    /**
     * The decision.
     *
     * @param ofService whether the container's task belongs to a service
     * @param attempt how often the container was started again already
     * @param ran how long it ran this time; zero when it could not be started
     */
    static Restart decide(ContainerSpec container, boolean ofService, ContainerExit exit, int attempt, Duration ran) {
        var policy = container.restartPolicy();
        if (policy != null
                && policy.enabled()
                && !policy.ignoredExitCodes().contains(exit.exitCode())
                && ran.compareTo(policy.attemptPeriod()) >= 0) {
            return new Now();
        }
        return container.essential() && ofService ? new IfAway(pause(attempt, ran)) : new Never();
    }

    /** The decision on a container that could not be started at all. */
    static Restart afterFailure(ContainerSpec container, boolean ofService, int attempt) {
        return container.essential() && ofService ? new IfAway(pause(attempt, Duration.ZERO)) : new Never();
    }

    /** What ran for a while has earned a quick restart. */
    private static Duration pause(int attempt, Duration ran) {
        if (ran.compareTo(LONGEST_PAUSE) >= 0) {
            return FIRST_PAUSE;
        }
        var doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt, 10));
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
}
