package dev.groundplane.agent.task;

import java.time.Duration;

/** How long the host has been up: a clock that nobody sets and that goes on when the agent is started again. Thread safe. */
@FunctionalInterface
public interface Uptime {
    /** The time since the host started. */
    Duration now();

    /** The host's: the first number of proc(5)'s uptime, in seconds with two decimals. Keeps the file open. */
    static Uptime ofHost() {
        return new HostUptime();
    }
}
