package dev.groundplane.platform.secret;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals values with AES-256-GCM (NIST SP 800-38D) under the installation's key. A sealed value belongs to the resource it
 * was sealed for: opened for another one it is refused, so that ciphertexts cannot be swapped in the store. Thread-safe.
 *
 * <p>Form: one byte version, four bytes key id, a random nonce of 96 bits, ciphertext and tag of 128 bits. The key id lets a
 * later release hold several keys. Random nonces are safe for some 2^32 values under one key.
 */
public final class Encryption {
    private static final byte VERSION = 1;
    private static final int KEY_ID_BYTES = 4;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String HMAC = "HmacSHA256";
    private static final int PSEUDONYM_BYTES = 16;
    private static final int HEADER_BYTES = 1 + KEY_ID_BYTES;
    private static final int LEAST_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BITS / 8;

    private final SecretKey key;
    private final byte[] header;
    private final SecureRandom random = new SecureRandom();

    Encryption(SecretKey key, byte[] keyId) {
        this.key = key;
        this.header = ByteBuffer.allocate(HEADER_BYTES).put(VERSION).put(keyId).array();
    }

    /** Which key this is, in hexadecimal; tells nothing of the key itself. */
    public String keyId() {
        return HexFormat.of().formatHex(header, 1, HEADER_BYTES);
    }

    /**
     * Seals a value.
     *
     * @param type the resource's type, for example {@code secretsmanager:secret-version}
     * @param name the resource's name, with account and region where names repeat
     * @param value may be empty
     */
    public byte[] seal(String type, String name, byte[] value) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] ciphertext = cipher(Cipher.ENCRYPT_MODE, nonce, type, name).doFinal(value);
            return ByteBuffer.allocate(HEADER_BYTES + NONCE_BYTES + ciphertext.length)
                    .put(header)
                    .put(nonce)
                    .put(ciphertext)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "this JVM cannot encrypt with AES-256-GCM", e);
        }
    }

    /**
     * Opens what {@link #seal(String, String, byte[])} made for the same type and name.
     *
     * @throws SealedException when it was sealed with another key or for another resource, or was changed
     */
    public byte[] open(String type, String name, byte[] sealed) throws SealedException {
        if (sealed.length < LEAST_BYTES || sealed[0] != VERSION) {
            throw new SealedException("not a sealed value of version " + VERSION);
        }
        ByteBuffer parts = ByteBuffer.wrap(sealed);
        byte[] itsHeader = new byte[HEADER_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        parts.get(itsHeader).get(nonce);
        if (!Arrays.equals(itsHeader, header)) {
            throw new SealedException(
                    "sealed with key %s, this installation's key is %s".formatted(keyId(itsHeader), keyId(header)));
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, nonce, type, name)
                    .doFinal(sealed, HEADER_BYTES + NONCE_BYTES, parts.remaining());
        } catch (AEADBadTagException e) {
            throw new SealedException("the value was changed, or sealed for something else than " + type);
        } catch (GeneralSecurityException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "this JVM cannot decrypt with AES-256-GCM", e);
        }
    }

    /** Seals text; the result is base64. */
    public String seal(String type, String name, String value) {
        return Base64.getEncoder().encodeToString(seal(type, name, value.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Opens what {@link #seal(String, String, String)} made for the same type and name.
     *
     * @throws SealedException see {@link #open(String, String, byte[])}
     */
    public String open(String type, String name, String sealed) throws SealedException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(sealed);
        } catch (IllegalArgumentException e) {
            throw new SealedException("not base64");
        }
        return new String(open(type, name, bytes), StandardCharsets.UTF_8);
    }

    /**
     * A name that nobody without the key can compute and that is always the same for a resource: 128 bits in hex.
     *
     * @param type the resource's type, as in {@link #seal(String, String, byte[])}
     * @param name the resource's name
     */
    public String pseudonym(String type, String name) {
        try {
            // A key of its own per type: what is sealed and what is derived must not share one.
            byte[] typeKey = hmac(key, "pseudonym " + type);
            return HexFormat.of().formatHex(hmac(new SecretKeySpec(typeKey, HMAC), name), 0, PSEUDONYM_BYTES);
        } catch (GeneralSecurityException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "this JVM has no " + HMAC, e);
        }
    }

    /**
     * What only a holder of this key can compute for a message, and so shows who said it: HMAC-SHA256, 32 bytes. Compare with
     * {@link java.security.MessageDigest#isEqual}.
     *
     * @param type what is said, for example {@code audit:checkpoint}; keeps statements of different kinds apart
     * @param message the statement
     */
    public byte[] authenticate(String type, String message) {
        try {
            byte[] typeKey = hmac(key, "authenticate " + type);
            return hmac(new SecretKeySpec(typeKey, HMAC), message);
        } catch (GeneralSecurityException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "this JVM has no " + HMAC, e);
        }
    }

    private static byte[] hmac(SecretKey key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(HMAC);
        mac.init(key);
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private Cipher cipher(int mode, byte[] nonce, String type, String name) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(header);
        // The length keeps type and name apart: ("a", "bc") is not ("ab", "c").
        byte[] typeBytes = type.getBytes(StandardCharsets.UTF_8);
        cipher.updateAAD(
                ByteBuffer.allocate(Integer.BYTES).putInt(typeBytes.length).array());
        cipher.updateAAD(typeBytes);
        cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static String keyId(byte[] header) {
        return HexFormat.of().formatHex(header, 1, HEADER_BYTES);
    }
}
