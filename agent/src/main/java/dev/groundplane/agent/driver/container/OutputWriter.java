package dev.groundplane.agent.driver.container;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Puts an attempt's output, told from its first byte on, where it belongs in the log; what an earlier agent process has
 * put there is skipped and never written again. Used by one thread.
 */
final class OutputWriter implements AutoCloseable {
    private static final Set<StandardOpenOption> WRITE = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);

    private final FileChannel channel;
    private final long base;
    private final long present;
    private long told;

    OutputWriter(OutputFile file) throws IOException {
        channel = FileChannel.open(file.log(), WRITE);
        base = file.base();
        present = Math.max(0, channel.size() - base);
    }

    /** Takes the next bytes of the output. */
    void write(byte[] bytes, int count) throws IOException {
        var skipped = Math.clamp(present - told, 0, count);
        var fresh = ByteBuffer.wrap(bytes, skipped, count - skipped);
        for (var place = base + told + skipped; fresh.hasRemaining(); ) {
            place += channel.write(fresh, place);
        }
        told += count;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
