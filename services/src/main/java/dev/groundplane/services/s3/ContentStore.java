package dev.groundplane.services.s3;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** Writes contents into files and reads them back. Thread-safe. */
final class ContentStore {
    /** One is read into while another is encrypted and two wait for their digest. */
    private static final int BUFFERS = 4;

    private final ContentFiles files;

    ContentStore(ContentFiles files) {
        this.files = files;
    }

    /**
     * A file that is written and durable, but that no row names yet.
     *
     * @param name in {@link ContentFiles}
     * @param size of the content, in bytes
     */
    record Written(String name, long size, ContentDigest.Result digest) {}

    /**
     * Writes all of {@code content} into a new file. Blocks.
     *
     * @param length how much there is; empty when that is not known
     * @throws software.amazon.awssdk.services.s3.model.S3Exception {@code IncompleteBody} when the content cannot be read or
     *     has another length. Whatever is thrown, the file is gone
     */
    Written write(InputStream content, OptionalLong length, ContentDigest digest) {
        String name = "";
        try (ContentOutput output = files.create()) {
            name = output.name();
            long size = length.orElse(Long.MAX_VALUE) < ContentKey.CHUNK_BYTES
                    ? writeSmall(content, (int) length.getAsLong(), digest, output)
                    : writeChunks(content, digest, output);
            if (length.isPresent() && size != length.getAsLong()) {
                throw S3Errors.incompleteBody();
            }
            output.finish();
            return new Written(name, size, digest.finish());
        } catch (IOException e) {
            throw files.failure("write", name, e);
        }
    }

    private static int writeSmall(InputStream content, int length, ContentDigest digest, ContentOutput output)
            throws IOException {
        byte[] buffer = new byte[length + 1]; // one more, to see the end
        int count = read(content, buffer);
        digest.update(buffer, count);
        output.chunk(buffer, count, true);
        return count;
    }

    private static long writeChunks(InputStream content, ContentDigest digest, ContentOutput output)
            throws IOException {
        byte[][] buffers = new byte[BUFFERS][ContentKey.CHUNK_BYTES];
        List<CompletableFuture<Void>> free =
                new ArrayList<>(Collections.nCopies(BUFFERS, CompletableFuture.completedFuture(null)));
        int at = 0;
        long size = 0;
        int count = read(content, buffers[0]);
        boolean last = false;
        while (!last) {
            byte[] buffer = buffers[at];
            int next = (at + 1) % BUFFERS;
            int nextCount = 0;
            free.set(at, digest.updateLater(buffer, count));
            if (count == buffer.length) {
                free.get(next).join();
                nextCount = read(content, buffers[next]);
            }
            last = nextCount == 0;
            output.chunk(buffer, count, last);
            size += count;
            count = nextCount;
            at = next;
        }
        return size;
    }

    /** What a caller does not send is the caller's, not the disk's. */
    private static int read(InputStream content, byte[] buffer) {
        try {
            return content.readNBytes(buffer, 0, buffer.length);
        } catch (DamagedContentException e) {
            throw S3Errors.damaged(e);
        } catch (IOException e) {
            throw S3Errors.incompleteBody();
        }
    }

    /** Removes a file that no row came to name. */
    void discard(Written written) {
        files.delete(written.name());
    }
}
