package dev.groundplane.agent.driver.container;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of standard output and standard error, in the order in which the engine recorded them, out of Docker's
 * multiplexed stream: frames of one byte that names the stream, three of zero, a length of four, and the content. Source:
 * Docker Engine API, "Attach to a container", stream format.
 */
final class OutputFrames {
    private static final int PADDING = 4;

    private final DataInputStream input;
    private long left;

    OutputFrames(InputStream input) {
        this.input = new DataInputStream(input);
    }

    /** Reads into a buffer; -1 after the last frame. A frame that is cut off ends with an EOFException. */
    int read(byte[] buffer) throws IOException {
        while (left == 0) {
            if (input.read() < 0) {
                return -1;
            }
            input.skipNBytes(PADDING - 1);
            left = Integer.toUnsignedLong(input.readInt());
        }
        var count = input.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (count < 0) {
            throw new EOFException("the engine closed the connection within a container's output");
        }
        left -= count;
        return count;
    }
}
