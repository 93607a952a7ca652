package dev.groundplane.services.ecs;

import dev.groundplane.services.ecs.Replica.Phase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides which tasks of a DAEMON service to stop and where to start: each instance that suits has one. Source: Amazon ECS
 * API Reference, CreateService, {@code schedulingStrategy}.
 *
 * @param suiting the names of the instances that are to have one
 * @param leaving the names of the instances whose task may stay until nothing else runs there
 * @param fewest how many READY ones must be left while others are replaced
 * @param most how many there may be on the suiting instances, those that are stopping among them
 */
record DaemonUpdate(Set<String> suiting, Set<String> leaving, int fewest, int most) {
    static DaemonUpdate of(Set<String> suiting, Set<String> leaving, int minimumPercent, int maximumPercent) {
        RollingUpdate bounds = RollingUpdate.of(suiting.size(), minimumPercent, maximumPercent);
        return new DaemonUpdate(suiting, leaving, bounds.fewest(), bounds.most());
    }

    /** The instances without a task of the PRIMARY deployment. */
    Set<String> missing(List<Replica> replicas) {
        Set<String> missing = new HashSet<>(suiting);
        replicas.stream().filter(r -> r.current() && r.isAlive()).forEach(r -> missing.remove(r.instance()));
        return missing;
    }

    /** Where to start one now. */
    Set<String> starts(List<Replica> replicas) {
        List<Replica> here = onSuiting(replicas);
        Set<String> occupied = here.stream().map(Replica::instance).collect(Collectors.toSet());
        boolean besideOld = most > suiting.size();
        return missing(replicas).stream()
                .filter(name -> besideOld || !occupied.contains(name))
                .sorted(Comparator.<String, Boolean>comparing(occupied::contains)
                        .thenComparing(Comparator.naturalOrder()))
                .limit(Math.max(0, most - here.size()))
                .collect(Collectors.toSet());
    }

    /** Which tasks to stop now; {@code replicas} with what was started just now, as PENDING. */
    List<Replica> stops(List<Replica> replicas) {
        List<Replica> stops = new ArrayList<>();
        Set<String> served = new HashSet<>();
        for (Replica replica : replicas) {
            boolean misplaced = !suiting.contains(replica.instance()) && !leaving.contains(replica.instance());
            boolean useless = suiting.contains(replica.instance())
                    && !replica.current()
                    && (replica.is(Phase.PENDING) || replica.is(Phase.STARTING));
            boolean twice = replica.current() && replica.isAlive() && !served.add(replica.instance());
            if (!replica.is(Phase.STOPPING) && (misplaced || useless || twice || replica.is(Phase.UNHEALTHY))) {
                stops.add(replica);
            }
        }
        stops.addAll(outdated(replicas));
        return stops;
    }

    private List<Replica> outdated(List<Replica> replicas) {
        List<Replica> here = onSuiting(replicas);
        List<Replica> old = here.stream()
                .filter(r -> !r.current() && r.is(Phase.READY))
                .sorted(Comparator.comparingLong(Replica::created))
                .toList();
        Set<String> replaced = here.stream()
                .filter(r -> r.current() && r.is(Phase.READY))
                .map(Replica::instance)
                .collect(Collectors.toSet());
        if (most > suiting.size()) {
            return old.stream().filter(r -> replaced.contains(r.instance())).toList();
        }
        long ready = here.stream().filter(r -> r.is(Phase.READY)).count();
        return old.stream().limit(Math.max(0, ready - fewest)).toList();
    }

    private List<Replica> onSuiting(List<Replica> replicas) {
        return replicas.stream().filter(r -> suiting.contains(r.instance())).toList();
    }
}
