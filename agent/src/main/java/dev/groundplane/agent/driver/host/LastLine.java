package dev.groundplane.agent.driver.host;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The last line of a log, which says why a start failed. */
final class LastLine {
    private static final int LONGEST = 1024;

    private LastLine() {}

    static Optional<String> of(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (var access = new RandomAccessFile(file.toFile(), "r")) {
            var tail = new byte[(int) Math.min(LONGEST, access.length())];
            access.seek(access.length() - tail.length);
            access.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .reduce((earlier, later) -> later);
        }
    }
}
