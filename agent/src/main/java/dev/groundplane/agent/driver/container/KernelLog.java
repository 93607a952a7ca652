package dev.groundplane.agent.driver.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The kernel's own record of processes that it killed for want of memory, which some engines miss. */
final class KernelLog {
    private KernelLog() {}

    /** Whether a process of a container was killed for want of memory; false also where the log is closed to the agent. */
    static boolean saysOutOfMemory(String containerId) {
        try {
            var process = new ProcessBuilder("dmesg")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
                return lines.lines().anyMatch(line -> line.contains("oom-kill:") && line.contains(containerId));
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            return false;
        }
    }
}
