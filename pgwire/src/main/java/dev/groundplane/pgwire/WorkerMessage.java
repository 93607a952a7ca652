package dev.groundplane.pgwire;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * What follows a {@link WorkerPacket} of session {@link WorkerPacket#CALL}: a request of the worker and the gateway's answer, each
 * a JSON object in UTF-8 after its length in four bytes.
 */
public final class WorkerMessage {
    /** Either side closes the connection at a longer one. */
    public static final int LONGEST = 16 * 1024 * 1024;

    private WorkerMessage() {}

    /**
     * Reads a message.
     *
     * @throws IOException when the connection ends before it does, or it is longer than {@link #LONGEST}
     */
    public static byte[] read(InputStream input) throws IOException {
        var data = new DataInputStream(input);
        var length = data.readInt();
        if (length < 0 || length > LONGEST) {
            throw new IOException("a message of %d bytes; at most %d are allowed".formatted(length, LONGEST));
        }
        var message = data.readNBytes(length);
        if (message.length < length) {
            throw new IOException("a message ended after %d of %d bytes".formatted(message.length, length));
        }
        return message;
    }

    /** Writes a message. */
    public static void write(OutputStream output, byte[] message) throws IOException {
        var data = new DataOutputStream(output);
        data.writeInt(message.length);
        data.write(message);
        data.flush();
    }
}
