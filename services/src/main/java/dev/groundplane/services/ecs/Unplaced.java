package dev.groundplane.services.ecs;

import java.util.Comparator;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Failure;

/**
 * Why a task of a service could not be placed.
 *
 * @param message in the words of a service's event
 * @param cramped whether there would be room if other tasks of the service went
 */
record Unplaced(String message, boolean cramped) {
    /** What a failure says, from that of the instance that came closest. */
    private static final List<String> CLOSEST_FIRST =
            List.of("RESOURCE:PORTS", "RESOURCE:MEMORY", "RESOURCE:CPU", "MemberOf", "AGENT", "ATTRIBUTE");

    static Unplaced of(List<Failure> failures, boolean distinctInstance) {
        Failure closest = failures.stream()
                .min(Comparator.comparingInt(Unplaced::distance))
                .orElse(null);
        boolean cramped = failures.isEmpty()
                || failures.stream()
                        .anyMatch(f -> f.reason().startsWith("RESOURCE:")
                                || (distinctInstance && f.reason().startsWith("MemberOf")));
        return new Unplaced(ServiceEvents.whyUnplaced(closest), cramped);
    }

    private static int distance(Failure failure) {
        for (int i = 0; i < CLOSEST_FIRST.size(); i++) {
            if (failure.reason().startsWith(CLOSEST_FIRST.get(i))) {
                return i;
            }
        }
        return CLOSEST_FIRST.size();
    }
}
