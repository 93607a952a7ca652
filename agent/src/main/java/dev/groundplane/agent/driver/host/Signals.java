package dev.groundplane.agent.driver.host;

import java.util.ArrayList;
import java.util.List;

/** Sends signals; the JDK knows neither process groups nor processes that are not visible as handles. */
final class Signals {
    private Signals() {}

    static void terminate(long pid) throws InterruptedException {
        send("TERM", List.of(pid));
    }

    static void killGroup(long leader) throws InterruptedException {
        send("KILL", List.of(-leader));
    }

    static void kill(List<Long> pids) throws InterruptedException {
        if (!pids.isEmpty()) {
            send("KILL", pids);
        }
    }

    /** The shell's own kill: not every host has the program. A process that is gone meanwhile is no error. */
    private static void send(String signal, List<Long> targets) throws InterruptedException {
        var words = new ArrayList<>(List.of("/bin/sh", "-c", "kill -s \"$@\"", "sh", signal, "--"));
        targets.forEach(target -> words.add(Long.toString(target)));
        CommandOutput.of(words.toArray(String[]::new));
    }
}
