package dev.groundplane.services.ecs;

/**
 * A task of a service that has not stopped, as the scheduler sees it.
 *
 * @param name the task's, {@code cluster/id}
 * @param instance the name of the instance it is on
 * @param current whether it is of the PRIMARY deployment and on an instance that may keep it
 * @param phase how far it is
 * @param created orders tasks by age
 */
record Replica(String name, String instance, boolean current, Phase phase, long created) {
    /** How far a task of a service is. */
    enum Phase {
        /** Not running yet. */
        PENDING,
        /** Runs, but not for long enough, or not healthy yet, to be relied on. */
        STARTING,
        /** Can be relied on. */
        READY,
        /** Its health checks failed. */
        UNHEALTHY,
        /** Was told to stop, but has not stopped yet. */
        STOPPING
    }

    boolean is(Phase wanted) {
        return phase == wanted;
    }

    /** Neither stopping nor to be replaced because it is unhealthy. */
    boolean isAlive() {
        return phase != Phase.STOPPING && phase != Phase.UNHEALTHY;
    }
}
