package dev.groundplane.services.s3;

import dev.groundplane.wire.OpenEnded;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * How long a content may be, in bytes.
 *
 * @param least inclusive
 * @param most inclusive
 */
public record SizeRange(long least, long most) {
    static final SizeRange ANY = new SizeRange(0, ObjectWrites.MAX_BYTES);

    /** The part of both. */
    SizeRange and(SizeRange other) {
        return new SizeRange(Math.max(least, other.least), Math.min(most, other.most));
    }

    /**
     * The same content; reading it fails when its length is another.
     *
     * @return throws {@code EntityTooLarge} or {@code EntityTooSmall}, as {@link
     *     software.amazon.awssdk.services.s3.model.S3Exception}
     */
    public InputStream of(InputStream content) {
        return new Measured(content);
    }

    private final class Measured extends FilterInputStream implements OpenEnded {
        private long size;

        Measured(InputStream content) {
            super(content);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, length);
            size += Math.max(count, 0);
            if (size > most) {
                throw S3Errors.of(
                        "EntityTooLarge",
                        400,
                        "Your proposed upload exceeds the maximum allowed size: more than %d bytes",
                        most);
            }
            if (count < 0 && size < least) {
                throw S3Errors.of(
                        "EntityTooSmall",
                        400,
                        "Your proposed upload is smaller than the minimum allowed size: %d of %d bytes",
                        size,
                        least);
            }
            return count;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
