package dev.groundplane.agent.driver.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * What a container wrote, out of the file in which Podman's conmon records it (log driver {@code k8s-file}): one record
 * per line, {@code TIME STREAM TAG CONTENT}. After the content of a record with the tag F came a line's end; with the tag P
 * came more of the same line, or nothing. So the bytes are known exactly, in the order in which they were recorded. Used
 * by one thread. Source: Kubernetes, CRI log format.
 */
final class OutputRecords implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int FIELDS_BEFORE_CONTENT = 3;
    /** Longer than any time, stream and tags. */
    private static final int LONGEST_HEAD_BYTES = 128;

    private final FileChannel records;
    /** Where the first record begins that was not passed on yet. */
    private long offset;

    OutputRecords(Path file) throws IOException {
        records = FileChannel.open(file, StandardOpenOption.READ);
    }

    /** Passes on what was recorded since the last call; a record that is not complete yet waits for the next. */
    void passOn(OutputWriter writer) throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        var filled = 0;
        for (var count = read(buffer, filled); count > 0; count = read(buffer, filled)) {
            filled += count;
            var complete = endOfRecords(buffer, filled, count);
            var content = new ByteArrayOutputStream(complete);
            for (var start = 0; start < complete; ) {
                var end = start + lengthOfRecord(buffer, start);
                content(buffer, start, end, content);
                start = end + 1;
            }
            writer.write(content.toByteArray(), content.size());
            offset += complete;
            filled -= complete;
            System.arraycopy(buffer, complete, buffer, 0, filled);
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * buffer.length);
            }
        }
    }

    private int read(byte[] buffer, int filled) throws IOException {
        return records.read(ByteBuffer.wrap(buffer, filled, buffer.length - filled), offset + filled);
    }

    /** Where the last complete record ends; only the newest bytes can hold a record's end. */
    private static int endOfRecords(byte[] buffer, int filled, int newest) {
        for (var at = filled; at > filled - newest; at--) {
            if (buffer[at - 1] == '\n') {
                return at;
            }
        }
        return 0;
    }

    private static int lengthOfRecord(byte[] buffer, int start) {
        var length = 0;
        while (buffer[start + length] != '\n') {
            length++;
        }
        return length;
    }

    private static void content(byte[] buffer, int start, int end, ByteArrayOutputStream content) {
        var at = start;
        var tag = start;
        for (var fields = 0; fields < FIELDS_BEFORE_CONTENT; at++) {
            if (at == end || at - start > LONGEST_HEAD_BYTES) {
                // No record: passed on as it is rather than lost.
                content.write(buffer, start, end + 1 - start);
                return;
            }
            if (buffer[at] == ' ') {
                fields++;
                tag = fields == FIELDS_BEFORE_CONTENT - 1 ? at + 1 : tag;
            }
        }
        content.write(buffer, at, end - at);
        if (buffer[tag] == 'F') {
            content.write('\n');
        }
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
