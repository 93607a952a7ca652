package dev.groundplane.agent.driver.container;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP/1.1 exchange over a Unix socket, on a connection of its own. RFC 9112 as far as engines use it: bodies with a
 * length, in chunks, or up to the connection's end. {@link #close} may be called by any thread and ends a read.
 */
final class EngineExchange implements AutoCloseable {
    private static final int LONGEST_LINE_BYTES = 64 * 1024;

    private final SocketChannel channel;
    private final int status;
    private final Map<String, String> headers;
    private final InputStream body;

    private EngineExchange(SocketChannel channel, String method) throws IOException {
        this.channel = channel;
        var input = new BufferedInputStream(Channels.newInputStream(channel));
        status = status(line(input));
        headers = headers(input);
        body = body(method, input);
    }

    /**
     * Connects to a socket.
     *
     * @throws SocketException when nobody listens
     */
    static SocketChannel connect(Path socket) throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Sends a request on a new connection, which it takes over, and returns when the answer's head is there. */
    static EngineExchange open(
            SocketChannel channel, String method, String target, Map<String, String> headers, byte[] content)
            throws IOException {
        try {
            write(channel, ByteBuffer.wrap(head(method, target, headers, content.length)));
            write(channel, ByteBuffer.wrap(content));
            return new EngineExchange(channel, method);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static byte[] head(String method, String target, Map<String, String> headers, int length) {
        var head = new StringBuilder()
                .append(method)
                .append(' ')
                .append(target)
                .append(" HTTP/1.1\r\nHost: engine\r\nConnection: close\r\nContent-Length: ")
                .append(length)
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void write(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    int status() {
        return status;
    }

    /** A header's value; empty when it is absent. */
    String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** The answer's body, which ends with an EOFException when the connection ends too early. */
    InputStream body() {
        return body;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static int status(String line) throws IOException {
        var words = line.split(" ", 3);
        if (!words[0].startsWith("HTTP/1.") || words.length < 2) {
            throw new IOException("the engine's socket does not speak HTTP: " + line);
        }
        return Integer.parseInt(words[1]);
    }

    private static Map<String, String> headers(InputStream input) throws IOException {
        var headers = new HashMap<String, String>();
        for (var line = line(input); !line.isEmpty(); line = line(input)) {
            var parts = line.split(":", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts.length == 2 ? parts[1].strip() : "");
        }
        return headers;
    }

    private InputStream body(String method, InputStream input) {
        if (method.equals("HEAD") || status == 204 || status == EngineFailure.NOT_MODIFIED) {
            return InputStream.nullInputStream();
        }
        if (header("Transfer-Encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
            return new Chunks(input);
        }
        var length = header("Content-Length");
        return length.isEmpty() ? input : new Counted(input, Long.parseLong(length));
    }

    private static String line(InputStream input) throws IOException {
        var line = new StringBuilder();
        for (var next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0) {
                throw new EOFException("the engine closed the connection");
            }
            if (line.length() == LONGEST_LINE_BYTES) {
                throw new IOException("the engine sent a line of more than " + LONGEST_LINE_BYTES + " bytes");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /** So many bytes and no more. */
    private static class Counted extends InputStream {
        private final InputStream input;
        private long left;

        Counted(InputStream input, long length) {
            this.input = input;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            var count = input.read(bytes, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the engine closed the connection within an answer");
            }
            left -= count;
            return count;
        }
    }

    /** RFC 9112, section 7.1. */
    private static final class Chunks extends InputStream {
        private final InputStream input;
        private Counted chunk;
        private boolean first = true;
        private boolean ended;

        Chunks(InputStream input) {
            this.input = input;
            this.chunk = new Counted(input, 0);
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (!ended) {
                var count = chunk.read(bytes, offset, length);
                if (count >= 0) {
                    return count;
                }
                next();
            }
            return -1;
        }

        private void next() throws IOException {
            if (!first) {
                line(input);
            }
            first = false;
            var size = Long.parseLong(line(input).split(";", 2)[0].strip(), 16);
            chunk = new Counted(input, size);
            if (size == 0) {
                ended = true;
                headers(input);
            }
        }
    }
}
