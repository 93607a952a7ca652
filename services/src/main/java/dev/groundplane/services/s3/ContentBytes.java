package dev.groundplane.services.s3;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of one content as it is kept, encrypted. Not thread-safe. */
interface ContentBytes extends Closeable {
    long size() throws IOException;

    /** Reads {@code length} bytes from {@code at} on; there are as many. */
    void read(byte[] into, int length, long at) throws IOException;

    /** Those of a row. */
    static ContentBytes of(byte[] row) {
        return new ContentBytes() {
            @Override
            public long size() {
                return row.length;
            }

            @Override
            public void read(byte[] into, int length, long at) {
                System.arraycopy(row, (int) at, into, 0, length);
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }

    /** Those of a file. */
    static ContentBytes of(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        return new ContentBytes() {
            @Override
            public long size() throws IOException {
                return channel.size();
            }

            @Override
            public void read(byte[] into, int length, long at) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(into, 0, length);
                while (buffer.hasRemaining()) {
                    if (channel.read(buffer, at + buffer.position()) < 0) {
                        throw new EOFException("a content file ends at byte " + (at + buffer.position()));
                    }
                }
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }
}
