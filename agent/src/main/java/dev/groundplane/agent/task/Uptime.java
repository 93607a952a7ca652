package dev.groundplane.agent.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** How long the host has been up: a clock that nobody sets and that goes on when the agent is started again. Thread safe. */
@FunctionalInterface
public interface Uptime {
    /** The time since the host started. */
    Duration now();

    /** The host's: the first number of proc(5)'s uptime, in seconds with two decimals. */
    static Uptime ofHost() {
        var file = Path.of("/proc/uptime");
        return () -> {
            try {
                var seconds = Double.parseDouble(Files.readString(file).split(" ", 2)[0]);
                return Duration.ofMillis((long) (seconds * 1000));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }
}
