package dev.groundplane.agent.task;

import java.time.Duration;

/** Runs something later. Thread safe. */
@FunctionalInterface
public interface Timers {
    /** Runs an action once, after the delay at the earliest, on another thread. */
    void after(Duration delay, Runnable action);

    /** Real time. */
    static Timers real() {
        return (delay, action) -> Thread.ofVirtual().name("timer").start(() -> {
            try {
                Thread.sleep(delay);
                action.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
