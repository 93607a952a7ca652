package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.files.ContainerDirectory;
import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.DurableFiles.Durability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Where one attempt's output goes: the container's log file, from the offset on that the attempts before it left. An
 * attempt's output is recorded in a fixed order, so each byte has one place in the file, and how much of it is there is
 * the file's length.
 */
record OutputFile(Path log, long base) {
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
}
