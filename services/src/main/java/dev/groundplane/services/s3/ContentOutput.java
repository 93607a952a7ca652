package dev.groundplane.services.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writes one content file, chunk by chunk; the disk gets to work while there is still more to come. What is closed before it
 * was finished is removed. Not thread-safe.
 */
final class ContentOutput implements AutoCloseable {
    /** How much is written before another flush is begun. */
    private static final int FLUSH_BYTES = 16 * 1024 * 1024;

    private static final ExecutorService FLUSHES = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("s3-flush-", 0).daemon().factory());

    private final ContentFiles files;
    private final String name;
    private final ContentKey key;
    private final FileChannel channel;
    private byte[] output = new byte[0];
    private long chunks;
    private int unflushed;
    private Future<Void> flush = CompletableFuture.completedFuture(null);
    private boolean finished;

    ContentOutput(ContentFiles files, String name, ContentKey key) throws IOException {
        this.files = files;
        this.name = name;
        this.key = key;
        this.channel = FileChannel.open(
                files.path(name),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            write(ByteBuffer.wrap(key.header()));
        } catch (IOException e) {
            close(); // nobody else could: a full disk takes a file's name, and nothing of its content
            throw e;
        }
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
        int length = key.encrypt(chunks, last, content, count, output, 0);
        chunks++;
        write(ByteBuffer.wrap(output, 0, length));
        unflushed += length;
        if (unflushed >= FLUSH_BYTES && flush.isDone()) {
            endFlush();
            unflushed = 0;
            flush = FLUSHES.submit(() -> {
                channel.force(false);
                return null;
            });
        }
    }

    /** Waits for the flush that was begun; what it could not do is thrown here. */
    private void endFlush() throws IOException {
        try {
            flush.get();
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IOException(cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + name + " was flushed");
        }
    }

    private void write(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Makes everything durable, the file's name too. */
    void finish() throws IOException {
        endFlush();
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
