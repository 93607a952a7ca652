package dev.groundplane.services.s3;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a range of an object's content from its files or rows, and hands out only what is as it was written. Owns a lease on the
 * files until it is closed. Not thread-safe.
 */
final class ContentInput extends InputStream {
    private static final Logger LOG = LoggerFactory.getLogger(ContentInput.class);

    private final ContentFiles files;
    private final List<StoredFile> parts;
    private final Map<String, byte[]> small;
    private int part;
    private long position;
    private long left;
    private @Nullable ContentBytes bytes;
    private @Nullable ContentKey key;
    private byte[] encrypted = new byte[0];
    private byte[] content = new byte[0];
    private int contentAt;
    private int contentEnd;
    private boolean closed;

    /**
     * @param parts leased; their content in order is the object's
     * @param small those of them that stand in rows, by their names
     * @param from the first byte to read
     * @param length how many bytes to read
     */
    ContentInput(ContentFiles files, List<StoredFile> parts, Map<String, byte[]> small, long from, long length) {
        this.files = files;
        this.parts = parts;
        this.small = small;
        only(new ByteRange(from, length));
    }

    /** Reads another range; nothing has been read before. */
    final void only(ByteRange range) {
        left = range.length();
        position = range.from();
        part = 0;
        while (part < parts.size() && position >= parts.get(part).size() && part < parts.size() - 1) {
            position -= parts.get(part).size();
            part++;
        }
    }

    /** Reads the first chunk, so that damage there shows before anything was handed out. */
    ContentInput begun() throws IOException {
        if (left > 0) {
            if (left > ContentKey.CHUNK_BYTES) {
                files.warmUp().begin();
            }
            fill();
        }
        return this;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        if (length == 0) {
            return 0;
        }
        if (contentAt == contentEnd) {
            int whole = wholeChunk(length);
            if (whole > 0) {
                int count = decrypt(buffer, offset);
                advance(count);
                return count;
            }
            fill();
        }
        int count = (int) Math.min(Math.min(length, contentEnd - contentAt), left);
        System.arraycopy(content, contentAt, buffer, offset, count);
        contentAt += count;
        advance(count);
        return count;
    }

    private void advance(int count) {
        position += count;
        left -= count;
    }

    /** How long the chunk at the position is, when all of it is wanted and there is room for it; else 0. */
    private int wholeChunk(int room) throws IOException {
        nextPart();
        if (position % ContentKey.CHUNK_BYTES != 0) {
            return 0;
        }
        int length = chunkLength();
        return length <= room && length <= left ? length : 0;
    }

    private int chunkLength() {
        long start = position - position % ContentKey.CHUNK_BYTES;
        return (int) Math.min(ContentKey.CHUNK_BYTES, parts.get(part).size() - start);
    }

    private void fill() throws IOException {
        nextPart();
        int length = chunkLength();
        if (content.length < length) {
            content = new byte[length];
        }
        contentEnd = decrypt(content, 0);
        contentAt = (int) (position % ContentKey.CHUNK_BYTES);
    }

    private void nextPart() throws IOException {
        while (position >= parts.get(part).size()) {
            position -= parts.get(part).size();
            part++;
            closeBytes();
        }
    }

    /** Decrypts the chunk that the position is in. */
    private int decrypt(byte[] output, int offset) throws IOException {
        StoredFile file = parts.get(part);
        try {
            ContentBytes from = bytes == null ? open(file) : bytes;
            long number = position / ContentKey.CHUNK_BYTES;
            int length = chunkLength() + ContentKey.TAG_BYTES;
            if (encrypted.length < length) {
                encrypted = new byte[length];
            }
            from.read(
                    encrypted,
                    length,
                    ContentKey.HEADER_BYTES + number * (ContentKey.CHUNK_BYTES + ContentKey.TAG_BYTES));
            boolean last = number == ContentKey.chunks(file.size()) - 1;
            return Objects.requireNonNull(key).decrypt(number, last, encrypted, length, output, offset);
        } catch (DamagedContentException e) {
            LOG.error("content {} is damaged: {}", files.path(file.name()), e.getMessage());
            throw e;
        }
    }

    private ContentBytes open(StoredFile file) throws IOException {
        byte[] row = small.get(file.name());
        ContentBytes opened = row == null ? ContentBytes.of(files.path(file.name())) : ContentBytes.of(row);
        bytes = opened;
        if (opened.size() != ContentKey.fileBytes(file.size())) {
            throw new DamagedContentException(
                    "it has %d bytes, %d were written".formatted(opened.size(), ContentKey.fileBytes(file.size())));
        }
        byte[] header = new byte[ContentKey.HEADER_BYTES];
        opened.read(header, header.length, 0);
        key = ContentKey.read(files.encryption(), header);
        return opened;
    }

    private void closeBytes() throws IOException {
        ContentBytes open = bytes;
        bytes = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            try {
                closeBytes();
            } finally {
                files.release(parts.stream().map(StoredFile::name).toList());
            }
        }
    }
}
