package dev.groundplane.services.ecs;

import java.util.List;

/**
 * What a RunTask or StartTask with a client token led to, so that the same call again gets the same tasks.
 *
 * @param fingerprint of the request without its token
 * @param tasks the names of the tasks that were placed
 */
record LaunchToken(String fingerprint, List<String> tasks) {
    String encode() {
        return fingerprint + "\n" + String.join("\n", tasks);
    }

    static LaunchToken decode(String text) {
        List<String> lines = List.of(text.split("\n"));
        return new LaunchToken(lines.getFirst(), lines.subList(1, lines.size()));
    }
}
