package dev.groundplane.agent.driver;

/** Where a container stands. */
public sealed interface Inspection {

    /** It is prepared at most; starting it would run it for the first time. */
    record NotStarted() implements Inspection {}

    /**
     * It runs.
     *
     * @param pid the process id, as the host sees it, of what stands for the container
     */
    record Running(long pid) implements Inspection {}

    /**
     * It has ended.
     *
     * @param exit how it ended
     */
    record Exited(ContainerExit exit) implements Inspection {}
}
