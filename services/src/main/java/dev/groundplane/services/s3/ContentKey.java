package dev.groundplane.services.s3;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.secret.SealedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A file's own key, with which its chunks are encrypted with AES-256-GCM (NIST SP 800-38D). The file begins with it, sealed
 * under the installation's key. A chunk's nonce is its number and whether it is the last, so chunks cannot be swapped, and a
 * file that was cut short does not pass for a whole one. Not thread-safe.
 *
 * <p>Form of a file: {@code GPS3}, version (1 byte), the file's id (16 bytes), the sealed key; then chunks of {@link
 * #CHUNK_BYTES} of content, the last one shorter, each followed by its tag.
 */
final class ContentKey {
    /** How much content stands in one chunk. */
    static final int CHUNK_BYTES = 256 * 1024;

    static final int TAG_BYTES = 16;
    private static final byte[] MAGIC = "GPS3".getBytes(StandardCharsets.US_ASCII);
    private static final byte VERSION = 1;
    private static final int ID_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final int SEALED_BYTES = 65;
    /** Where the first chunk begins. */
    static final int HEADER_BYTES = 4 + 1 + ID_BYTES + SEALED_BYTES;

    private static final String TYPE = "s3:content";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] header;
    private final SecretKeySpec key;
    private final Cipher cipher;

    private ContentKey(byte[] header, byte[] key) {
        this.header = header;
        this.key = new SecretKeySpec(key, "AES");
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "this JVM cannot encrypt with AES-256-GCM", e);
        }
    }

    /** A key for a file that is about to be written. */
    static ContentKey create(Encryption encryption) {
        byte[] id = new byte[ID_BYTES];
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(id);
        RANDOM.nextBytes(key);
        byte[] sealed = encryption.seal(TYPE, HexFormat.of().formatHex(id), key);
        byte[] header = ByteBuffer.allocate(HEADER_BYTES)
                .put(MAGIC)
                .put(VERSION)
                .put(id)
                .put(sealed)
                .array();
        return new ContentKey(header, key);
    }

    /**
     * The key of a file that begins with {@code header}.
     *
     * @throws DamagedContentException when this is no such file, or of another installation
     */
    static ContentKey read(Encryption encryption, byte[] header) throws DamagedContentException {
        if (header.length < HEADER_BYTES
                || !Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                || header[MAGIC.length] != VERSION) {
            throw new DamagedContentException("does not begin as version " + VERSION + " of a content file does");
        }
        int idAt = MAGIC.length + 1;
        String id = HexFormat.of().formatHex(header, idAt, idAt + ID_BYTES);
        try {
            return new ContentKey(
                    header, encryption.open(TYPE, id, Arrays.copyOfRange(header, idAt + ID_BYTES, HEADER_BYTES)));
        } catch (SealedException e) {
            throw new DamagedContentException("its key cannot be opened: " + e.getMessage());
        }
    }

    /** How many chunks content of that size has; empty content has one. */
    static long chunks(long size) {
        return Math.max(1, (size + CHUNK_BYTES - 1) / CHUNK_BYTES);
    }

    /** How long a file with content of that size is. */
    static long fileBytes(long size) {
        return HEADER_BYTES + size + chunks(size) * TAG_BYTES;
    }

    byte[] header() {
        return header;
    }

    /**
     * Encrypts a chunk.
     *
     * @return how many bytes of {@code output} it fills, from {@code offset}
     */
    int encrypt(long number, boolean last, byte[] content, int count, byte[] output, int offset) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, nonce(number, last));
            return cipher.doFinal(content, 0, count, output, offset);
        } catch (GeneralSecurityException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "a chunk could not be encrypted", e);
        }
    }

    /**
     * Decrypts a chunk.
     *
     * @return how many bytes of {@code output} it fills, from {@code offset}
     * @throws DamagedContentException when it is not what was written
     */
    int decrypt(long number, boolean last, byte[] chunk, int count, byte[] output, int offset)
            throws DamagedContentException {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, nonce(number, last));
            return cipher.doFinal(chunk, 0, count, output, offset);
        } catch (AEADBadTagException e) {
            throw new DamagedContentException("chunk %d is not what was written".formatted(number));
        } catch (GeneralSecurityException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "a chunk could not be decrypted", e);
        }
    }

    private static GCMParameterSpec nonce(long number, boolean last) {
        byte[] nonce =
                ByteBuffer.allocate(12).putInt(last ? 1 : 0).putLong(number).array();
        return new GCMParameterSpec(TAG_BYTES * 8, nonce);
    }
}
