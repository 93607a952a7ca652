package dev.groundplane.agent.task;

/** Whether a container is well, as ECS's HealthStatus. */
public enum Health {
    /** It has no health check, or none has told yet. */
    UNKNOWN,
    HEALTHY,
    UNHEALTHY
}
