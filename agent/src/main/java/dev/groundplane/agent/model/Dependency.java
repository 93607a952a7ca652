package dev.groundplane.agent.model;

/**
 * What a container waits for before it starts.
 *
 * @param containerName the container it waits for
 * @param condition how far that container must have come
 */
public record Dependency(String containerName, Condition condition) {

    /** How far a container must have come before its dependents start, as in ECS's ContainerDependency. */
    public enum Condition {
        /** It has started. */
        START,
        /** It has run to its end, whatever its exit code. */
        COMPLETE,
        /** It has run to its end with exit code 0. */
        SUCCESS,
        /** Its health check passes. */
        HEALTHY
    }
}
