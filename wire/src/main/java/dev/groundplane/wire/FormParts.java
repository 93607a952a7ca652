package dev.groundplane.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The parts of a multipart body, one after the other. Read as a stream it is the content of the present part, whose end is
 * reached only at a boundary. Source: RFC 2046, "Multipart Media Type". Not thread-safe.
 */
final class FormParts extends InputStream {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAX_HEAD_BYTES = 4 * 1024;

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;
    private boolean exhausted;

    FormParts(InputStream in, String boundary) {
        this.in = in;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.UTF_8);
        // The first boundary has no line before it.
        buffer[0] = '\r';
        buffer[1] = '\n';
        end = 2;
    }

    /**
     * Goes on to the next part; what is left of the present one, or stands before the first, is left out.
     *
     * @return whether there is one
     */
    boolean next() throws IOException {
        skipPart();
        at += delimiter.length;
        return switch (line(MAX_HEAD_BYTES).strip()) {
            case "" -> true;
            case "--" -> false;
            default -> throw FormUpload.malformed("something follows a boundary in its line");
        };
    }

    private void skipPart() throws IOException {
        byte[] left = new byte[BUFFER_BYTES];
        while (read(left, 0, left.length) >= 0) {
            // not wanted
        }
    }

    /** The head lines of the part, which stand before its content. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = line(MAX_HEAD_BYTES); !line.isEmpty(); line = line(MAX_HEAD_BYTES - head.length())) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    /** Up to a line break or the end of everything. */
    private String line(int most) throws IOException {
        for (int length = 0; ; length++) {
            while (at + length + 1 >= end) {
                if (!more()) {
                    String rest = new String(buffer, at, end - at, StandardCharsets.UTF_8);
                    at = end;
                    return rest;
                }
            }
            if (buffer[at + length] == '\r' && buffer[at + length + 1] == '\n') {
                String line = new String(buffer, at, length, StandardCharsets.UTF_8);
                at += length + 2;
                return line;
            }
            if (length > most) {
                throw FormUpload.malformed("the head of a part is longer than %d bytes".formatted(MAX_HEAD_BYTES));
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (end - at < delimiter.length && more()) {
            // a boundary needs as much
        }
        int boundary = boundary();
        int content = boundary >= 0 ? boundary - at : end - at - delimiter.length + 1;
        if (boundary == at) {
            return -1;
        }
        if (content <= 0) {
            throw FormUpload.malformed("it ends without its boundary");
        }
        int count = Math.min(content, length);
        System.arraycopy(buffer, at, into, offset, count);
        at += count;
        return count;
    }

    /** Where the next boundary begins in the buffer; -1 when there is none. */
    private int boundary() {
        for (int from = at; from + delimiter.length <= end; from++) {
            if (buffer[from] == '\r' && matches(from)) {
                return from;
            }
        }
        return -1;
    }

    private boolean matches(int from) {
        for (int i = 0; i < delimiter.length; i++) {
            if (buffer[from + i] != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    /** Reads more behind what is in the buffer. */
    private boolean more() throws IOException {
        if (at > 0) {
            System.arraycopy(buffer, at, buffer, 0, end - at);
            end -= at;
            at = 0;
        }
        int count = exhausted ? -1 : in.read(buffer, end, buffer.length - end);
        exhausted = count < 0;
        end += Math.max(count, 0);
        return count > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
