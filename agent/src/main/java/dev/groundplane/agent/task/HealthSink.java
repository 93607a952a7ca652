package dev.groundplane.agent.task;

import java.util.Map;

/** Where changes of containers' health go. Thread safe; returns at once. */
public interface HealthSink {
    /** The health of a task's containers that have a health check, by name, as it is now. */
    void changed(String taskArn, Map<String, Health> containers);

    /** The task is over. */
    void gone(String taskArn);
}
