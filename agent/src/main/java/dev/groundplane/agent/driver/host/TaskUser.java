package dev.groundplane.agent.driver.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A user of the host that containers run as. */
record TaskUser(String name, int uid, int gid) {
    private static final Path PASSWORD_FILE = Path.of("/etc/passwd");

    boolean isRoot() {
        return uid == 0;
    }

    /**
     * Finds a user by name or by number; a number need not belong to a known user, and a group may follow a colon, both
     * as in Docker's {@code USER}.
     */
    static Optional<TaskUser> find(String text) throws IOException, InterruptedException {
        var parts = text.split(":", 2);
        var user = isNumber(parts[0])
                ? Optional.of(new TaskUser(parts[0], Integer.parseInt(parts[0]), Integer.parseInt(parts[0])))
                : named(parts[0]);
        if (parts.length == 2 && isNumber(parts[1])) {
            return user.map(found -> new TaskUser(text, found.uid, Integer.parseInt(parts[1])));
        }
        return parts.length == 2 ? Optional.empty() : user;
    }

    private static Optional<TaskUser> named(String name) throws IOException, InterruptedException {
        for (var line : Files.readAllLines(PASSWORD_FILE)) {
            var fields = line.split(":");
            if (fields.length > 3 && fields[0].equals(name)) {
                return Optional.of(new TaskUser(name, Integer.parseInt(fields[2]), Integer.parseInt(fields[3])));
            }
        }
        // Users of a directory service are in no file.
        var uid = CommandOutput.of("id", "-u", "--", name);
        var gid = CommandOutput.of("id", "-g", "--", name);
        if (!uid.succeeded() || !gid.succeeded()) {
            return Optional.empty();
        }
        return Optional.of(new TaskUser(name, Integer.parseInt(uid.text()), Integer.parseInt(gid.text())));
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() < 10 && text.chars().allMatch(Character::isDigit);
    }
}
