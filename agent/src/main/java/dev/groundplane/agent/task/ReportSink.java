package dev.groundplane.agent.task;

/** Where reports go. Thread safe. */
public interface ReportSink {
    /** Blocks until the control plane has accepted the report, or has answered that it never will. */
    void deliver(TaskReport report) throws InterruptedException;
}
