package dev.groundplane.services.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes one content file, chunk by chunk. What is closed before it was finished is removed. Not thread-safe. */
final class ContentOutput implements AutoCloseable {
    private final ContentFiles files;
    private final String name;
    private final ContentKey key;
    private final FileChannel channel;
    private byte[] output = new byte[0];
    private long chunks;
    private boolean finished;

    ContentOutput(ContentFiles files, String name, ContentKey key) throws IOException {
        this.files = files;
        this.name = name;
        this.key = key;
        this.channel = FileChannel.open(
                files.path(name),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        write(ByteBuffer.wrap(key.header()));
    }

    String name() {
        return name;
    }

    /**
     * Writes the next chunk.
     *
     * @param count {@link ContentKey#CHUNK_BYTES}, less in the last one
     */
    void chunk(byte[] content, int count, boolean last) throws IOException {
        if (output.length < count + ContentKey.TAG_BYTES) {
            output = new byte[count + ContentKey.TAG_BYTES];
        }
        int length = key.encrypt(chunks, last, content, count, output);
        chunks++;
        write(ByteBuffer.wrap(output, 0, length));
    }

    private void write(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Makes everything durable, the file's name too. */
    void finish() throws IOException {
        channel.force(false);
        files.syncName(name);
        finished = true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!finished) {
            files.delete(name);
        }
    }
}
