package dev.groundplane.platform.audit;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;

/**
 * The newest checkpoint once more, in a file beside the database: it shows when the database is replaced by an older copy
 * of itself, which nothing in that copy can tell.
 *
 * @param path the file
 */
record CheckpointFile(Path path) {
    /** What it says; empty when there is no file. What is no checkpoint counts as one that nobody signed. */
    Optional<Checkpoint> read() {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Checkpoint.decode(Files.readString(path))
                    .orElseGet(() -> new Checkpoint(
                            "", 0, Checkpoint.Kind.PERIODIC, 0, HashChain.start(), Instant.EPOCH, new byte[0])));
        } catch (IOException e) {
            throw new GroundplaneException(ErrorKind.EXTERNAL, "cannot read %s: %s".formatted(path, e.getMessage()), e);
        }
    }

    /** Writes it whole or not at all. */
    void write(Checkpoint checkpoint) {
        try {
            Path next = path.resolveSibling(path.getFileName() + ".next");
            Files.writeString(next, checkpoint.encode() + "\n");
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new GroundplaneException(
                    ErrorKind.EXTERNAL, "cannot write %s: %s".formatted(path, e.getMessage()), e);
        }
    }
}
