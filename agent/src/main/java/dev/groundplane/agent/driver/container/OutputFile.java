package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.files.ContainerDirectory;
import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.DurableFiles.Durability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Where one attempt's output goes: the container's log file, from the offset on that the attempts before it left. The
 * engine replays an attempt's output from its first byte on in a fixed order, so each byte has one place in the file;
 * writing it twice changes nothing.
 */
record OutputFile(Path log, long base) {
    private static final Set<StandardOpenOption> WRITE = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    private static final int BUFFER_BYTES = 32 * 1024;

    /** The file of an attempt; the first call for an attempt, before it starts, fixes where its output begins. */
    static OutputFile of(ContainerDirectory directory, int attempt) throws IOException {
        var mark = directory.path().resolve("output-" + attempt);
        var known = DurableFiles.textOrEmpty(mark);
        if (!known.isEmpty()) {
            return new OutputFile(directory.log(), Long.parseLong(known));
        }
        var base = size(directory.log());
        DurableFiles.replace(mark, Long.toString(base).getBytes(StandardCharsets.US_ASCII), Durability.PROCESS);
        return new OutputFile(directory.log(), base);
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException nothingWritten) {
            return 0;
        }
    }

    /** How much of the attempt's output is in the file. */
    long length() throws IOException {
        return Math.max(0, size(log) - base);
    }

    /**
     * Writes what is not there yet of an attempt's whole output; returns at its end.
     *
     * @param again whether what is there is written again all the same
     */
    void copy(OutputFrames output, boolean again) throws IOException {
        var present = again ? 0 : length();
        var buffer = new byte[BUFFER_BYTES];
        try (var channel = FileChannel.open(log, WRITE)) {
            var at = 0L;
            for (var count = output.read(buffer); count >= 0; count = output.read(buffer)) {
                var skipped = Math.clamp(present - at, 0, count);
                var fresh = ByteBuffer.wrap(buffer, skipped, count - skipped);
                for (var place = base + at + skipped; fresh.hasRemaining(); ) {
                    place += channel.write(fresh, place);
                }
                at += count;
            }
        }
    }
}
