package dev.groundplane.agent.logs;

import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.DurableFiles.Durability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a log file from filling the disk. The file's beginning gives its disk space back once it was delivered; when more
 * than the bound waits to be delivered, the oldest of that is given up too. Offsets in the file stay what they are: the
 * space is punched out of it (fallocate(2)), and the floor, up to which nothing is left to read, is kept beside it. For one
 * thread.
 */
final class LogFloor {
    private static final Logger log = LoggerFactory.getLogger(LogFloor.class);
    /** How much must have been delivered to be worth a system call. */
    private static final long STEP_BYTES = 16L * 1024 * 1024;
    /** File systems give back whole blocks only. */
    private static final long BLOCK_BYTES = 4096;

    private static final int SEARCH_BYTES = 64 * 1024;

    private final Path file;
    private final Path floorFile;
    private final long boundBytes;
    private long floor;

    private LogFloor(Path file, Path floorFile, long boundBytes, long floor) {
        this.file = file;
        this.floorFile = floorFile;
        this.boundBytes = boundBytes;
        this.floor = floor;
    }

    /**
     * The floor of a log file as a former process left it.
     *
     * @param boundBytes how much may wait to be delivered
     */
    static LogFloor of(Path file, long boundBytes) throws IOException {
        var floorFile = file.resolveSibling(file.getFileName() + ".floor");
        var text = DurableFiles.textOrEmpty(floorFile);
        return new LogFloor(file, floorFile, boundBytes, text.isEmpty() ? 0 : Long.parseLong(text));
    }

    /** The offset below which nothing is left. */
    long offset() {
        return floor;
    }

    /** Everything below this offset was delivered. */
    void delivered(long offset) throws IOException, InterruptedException {
        if (offset - floor >= STEP_BYTES) {
            raise(offset);
        }
    }

    /** Gives up the oldest lines if more than the bound waits above this offset. */
    void bound(long accepted, long size) throws IOException, InterruptedException {
        var waiting = size - Math.max(accepted, floor);
        if (waiting > boundBytes) {
            // Half of it, so that a file that goes on growing is not cut again at once.
            var next = lineAfter(size - boundBytes / 2);
            log.warn(
                    "{} has {} bytes that cannot be delivered; the oldest lines up to {} are dropped",
                    file,
                    waiting,
                    next);
            raise(next);
        }
    }

    private long lineAfter(long offset) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var buffer = ByteBuffer.allocate(SEARCH_BYTES);
            channel.read(buffer, offset);
            for (var index = 0; index < buffer.position(); index++) {
                if (buffer.get(index) == '\n') {
                    return offset + index + 1;
                }
            }
            return offset + buffer.position();
        }
    }

    /** The floor first: what is punched out without being written down would be read as zeros. */
    private void raise(long offset) throws IOException, InterruptedException {
        DurableFiles.replace(floorFile, Long.toString(offset).getBytes(StandardCharsets.US_ASCII), Durability.PROCESS);
        floor = offset;
        var length = offset / BLOCK_BYTES * BLOCK_BYTES;
        var process = new ProcessBuilder(
                        "fallocate",
                        "--punch-hole",
                        "--offset",
                        "0",
                        "--length",
                        Long.toString(length),
                        file.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            log.warn("{}: its file system does not give back the space of delivered lines", file);
        }
    }
}
