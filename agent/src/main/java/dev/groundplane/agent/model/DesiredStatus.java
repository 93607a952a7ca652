package dev.groundplane.agent.model;

/** What the control plane wants of a task. It moves forward only: a task once wanted {@link #STOPPED} stays so. */
public enum DesiredStatus {
    RUNNING,
    STOPPED
}
