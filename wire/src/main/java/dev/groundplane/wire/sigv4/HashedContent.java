package dev.groundplane.wire.sigv4;

import dev.groundplane.wire.WireException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Content whose SHA-256 was declared: its end is reached only when it has that hash. Not thread-safe. */
final class HashedContent extends FilterInputStream {
    private final MessageDigest digest = sha256();
    private final String declared;
    private boolean ended;

    /** @param declared hexadecimal */
    HashedContent(InputStream in, String declared) {
        super(in);
        this.declared = declared;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, length);
        if (count > 0) {
            digest.update(buffer, offset, count);
        } else if (count < 0 && !ended) {
            ended = true;
            String actual = HexFormat.of().formatHex(digest.digest());
            if (!actual.equals(declared)) {
                throw mismatch(declared, actual);
            }
        }
        return count;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    static WireException mismatch(String declared, String actual) {
        return WireException.of(
                "XAmzContentSHA256Mismatch",
                400,
                "The provided 'x-amz-content-sha256' header does not match what was computed: declared %s, found %s."
                        .formatted(declared, actual));
    }
}
