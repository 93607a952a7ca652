package dev.groundplane.agent.driver.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that cannot be mistaken for a later one with the same id.
 *
 * @param pid the process id
 * @param startTicks when it started, in clock ticks since boot: field 22 of proc(5)'s stat
 */
record ProcessIdentity(long pid, long startTicks) {
    private static final int FIELDS_BEFORE_START = 19;

    /** Reads the words after the first one; empty when they are not complete. */
    static Optional<ProcessIdentity> of(String[] words) {
        return words.length > 2
                ? Optional.of(new ProcessIdentity(Long.parseLong(words[1]), Long.parseLong(words[2])))
                : Optional.empty();
    }

    /** Whether this very process is still there. */
    boolean isAlive() {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The command's name stands in parentheses and may hold anything, blanks and parentheses included.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return !fields[0].equals("Z") && Long.parseLong(fields[FIELDS_BEFORE_START]) == startTicks;
        } catch (IOException gone) {
            return false;
        }
    }
}
