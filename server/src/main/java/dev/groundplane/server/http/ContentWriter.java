package dev.groundplane.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes content that streams, on the caller's thread and with two buffers. */
final class ContentWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ContentWriter.class);
    private static final int BUFFER_BYTES = 256 * 1024;

    private ContentWriter() {}

    /**
     * Writes all of {@code content} and closes it. When it cannot be read to its end, the connection ends without the rest,
     * so that nobody takes a part for the whole.
     *
     * @param callback told when all is written, or why not
     */
    static void write(InputStream content, Response response, Callback callback) {
        try (content) {
            long length = response.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
            int size = length < 1 ? BUFFER_BYTES : (int) Math.min(BUFFER_BYTES, length);
            byte[] buffer = new byte[size];
            byte[] other = new byte[size];
            int count = fill(content, buffer);
            while (count > 0) {
                try (Blocker.Callback written = Blocker.callback()) {
                    response.write(false, ByteBuffer.wrap(buffer, 0, count), written);
                    try {
                        count = fill(content, other); // while the client takes what was written
                    } finally {
                        written.block();
                    }
                }
                byte[] next = other;
                other = buffer;
                buffer = next;
            }
        } catch (IOException | RuntimeException e) { // the outermost loop: part of the answer may be out already
            LOG.warn("the content of a response broke off: {}", e.toString());
            callback.failed(e);
            return;
        }
        response.write(true, null, callback);
    }

    private static int fill(InputStream content, byte[] buffer) throws IOException {
        return content.readNBytes(buffer, 0, buffer.length);
    }
}
