package dev.groundplane.services.s3;

import dev.groundplane.wire.WireException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/** Writes contents, in the form in which they are kept. Thread-safe. */
final class ContentStore {
    /** One is read into while another is encrypted and two wait for their digest. */
    private static final int BUFFERS = 4;

    private static final Logger LOG = LoggerFactory.getLogger(ContentStore.class);

    private final ContentFiles files;

    ContentStore(ContentFiles files) {
        this.files = files;
    }

    /**
     * A content that no row names yet.
     *
     * @param name of its file, which is durable; empty when it has none
     * @param row a small content, which is to become a row; null when it is in a file
     * @param size of the content, in bytes
     */
    record Written(String name, byte @Nullable [] row, long size, ContentDigest.Result digest) {}

    /**
     * Writes all of {@code content} into a new file, or what is small into what is to become a row. Blocks.
     *
     * @param length how much there is; empty when that is not known
     * @throws software.amazon.awssdk.services.s3.model.S3Exception {@code IncompleteBody} when the content cannot be read or
     *     has another length. Whatever is thrown, the file is gone
     */
    Written write(InputStream content, OptionalLong length, ContentDigest digest) {
        if (length.orElse(Long.MAX_VALUE) <= SmallTable.MAX_BYTES) {
            return small(content, (int) length.getAsLong(), digest);
        }
        String name = "";
        files.warmUp().begin();
        try (ContentOutput output = files.create()) {
            name = output.name();
            long size = writeChunks(content, digest, output);
            if (length.isPresent() && size != length.getAsLong()) {
                throw S3Errors.incompleteBody();
            }
            output.finish();
            return new Written(name, null, size, digest.finish());
        } catch (IOException e) {
            drain(content);
            throw files.failure("write", name, e);
        }
    }

    /** Most clients listen only once they have sent everything. */
    private static void drain(InputStream content) {
        try {
            content.transferTo(OutputStream.nullOutputStream());
        } catch (IOException | SdkException | WireException e) {
            LOG.debug("the rest of a content that cannot be stored: {}", e.toString());
        }
    }

    private Written small(InputStream content, int length, ContentDigest digest) {
        byte[] buffer = new byte[length + 1]; // one more, to see the end
        if (read(content, buffer) != length) {
            throw S3Errors.incompleteBody();
        }
        digest.update(buffer, length);
        ContentKey key = ContentKey.create(files.encryption());
        byte[] row = Arrays.copyOf(key.header(), (int) ContentKey.fileBytes(length));
        key.encrypt(0, true, buffer, length, row, ContentKey.HEADER_BYTES);
        return new Written("", row, length, digest.finish());
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

    /** Removes a content that no row came to name. */
    void discard(Written written) {
        if (written.row() == null) {
            files.delete(written.name());
        }
    }
}
