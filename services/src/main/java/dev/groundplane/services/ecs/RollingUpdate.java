package dev.groundplane.services.ecs;

import dev.groundplane.services.ecs.Replica.Phase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides which tasks of a service to stop and how many to start: its count is kept, and tasks of older deployments or on
 * draining instances are replaced. Source: Amazon ECS API Reference, DeploymentConfiguration.
 *
 * <p>What holds at any time: nothing is started beyond {@link #most}, and no task that is READY and wanted is stopped while
 * fewer than {@link #fewest} would be left READY.
 *
 * @param wanted how many tasks of the PRIMARY deployment there should be
 * @param fewest how many READY ones must be left while others are replaced
 * @param most how many there may be, those that are stopping among them
 */
record RollingUpdate(int wanted, int fewest, int most) {
    /** @param minimumPercent of {@code wanted}, rounded up; {@code maximumPercent} is rounded down */
    static RollingUpdate of(int wanted, int minimumPercent, int maximumPercent) {
        return new RollingUpdate(wanted, (int) ((long) wanted * minimumPercent + 99) / 100, (int)
                ((long) wanted * maximumPercent / 100));
    }

    /** How many tasks are missing, whether or not they may be started now. */
    int missing(List<Replica> replicas) {
        return Math.max(0, wanted - currentAndAlive(replicas).size());
    }

    /** How many tasks to start now. */
    int starts(List<Replica> replicas) {
        return Math.max(0, Math.min(missing(replicas), most - replicas.size()));
    }

    /**
     * Which tasks to stop now.
     *
     * @param replicas with what was started just now, as PENDING
     * @param mayStart whether replacements can be started at all; when not, what is READY stays
     * @param cramped whether the missing ones could not be started beside those that are there: then room is made as far
     *     as {@code fewest} allows; otherwise READY ones stay until as many as wanted are READY
     */
    List<Replica> stops(List<Replica> replicas, boolean cramped, boolean mayStart) {
        List<Replica> stops = new ArrayList<>(surplus(currentAndAlive(replicas)));
        for (Replica replica : replicas) {
            boolean useless = !replica.current() && (replica.is(Phase.PENDING) || replica.is(Phase.STARTING));
            if (useless || replica.is(Phase.UNHEALTHY)) {
                stops.add(replica);
            }
        }
        long ready = replicas.stream()
                .filter(r -> r.is(Phase.READY) && !stops.contains(r))
                .count();
        boolean noRoom = mayStart && (cramped || missing(replicas) > most - replicas.size());
        long spare = ready - (noRoom ? fewest : Math.max(fewest, wanted));
        replicas.stream()
                .filter(r -> !r.current() && r.is(Phase.READY))
                .sorted(Comparator.comparingLong(Replica::created))
                .limit(Math.max(0, spare))
                .forEach(stops::add);
        return stops;
    }

    /** Whether neither starts nor stops can ever bring this further. */
    boolean isDeadlocked(List<Replica> replicas) {
        return replicas.stream().allMatch(r -> r.is(Phase.READY))
                && missing(replicas) > 0
                && starts(replicas) == 0
                && stops(replicas, false, true).isEmpty();
    }

    private static List<Replica> currentAndAlive(List<Replica> replicas) {
        return replicas.stream().filter(r -> r.current() && r.isAlive()).toList();
    }

    /** Those beyond the wanted count: first what is not READY, then from the fullest instances, the youngest first. */
    private List<Replica> surplus(List<Replica> alive) {
        Map<String, Integer> onInstance = new HashMap<>();
        alive.forEach(r -> onInstance.merge(r.instance(), 1, Integer::sum));
        List<Replica> left = new ArrayList<>(alive);
        List<Replica> surplus = new ArrayList<>();
        while (left.size() > wanted) {
            Replica next = left.stream()
                    .min(Comparator.comparing(Replica::phase)
                            .thenComparingInt(r -> -onInstance.getOrDefault(r.instance(), 0))
                            .thenComparingLong(r -> -r.created()))
                    .orElseThrow();
            left.remove(next);
            surplus.add(next);
            onInstance.merge(next.instance(), -1, Integer::sum);
        }
        return surplus;
    }
}
