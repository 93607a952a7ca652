package dev.groundplane.pgwire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server keeps of a password for SCRAM-SHA-256 (RFC 5802, RFC 7677). The password cannot be had from it, and it alone
 * does not let anyone in.
 *
 * @param salt of the key derivation
 * @param iterations of the key derivation
 * @param storedKey tells whether a client knows the password
 * @param serverKey lets the server show that it knows the verifier
 */
public record ScramVerifier(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
    private static final Pattern TEXT = Pattern.compile("SCRAM-SHA-256\\$(\\d+):([^$]+)\\$([^:]+):(.+)");

    /** Derives it from a password; takes milliseconds, as {@code iterations} wants it. */
    public static ScramVerifier of(String password, byte[] salt, int iterations) {
        try {
            var derivation = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
            var salted = derivation
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, 256))
                    .getEncoded();
            return new ScramVerifier(salt, iterations, sha256(hmac(salted, "Client Key")), hmac(salted, "Server Key"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has these algorithms
        }
    }

    /** Reads what {@link #toString} wrote, PostgreSQL's {@code pg_authid.rolpassword}. */
    public static ScramVerifier parse(String text) {
        var parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a verifier of SCRAM-SHA-256: it begins with SCRAM-SHA-256$");
        }
        var base64 = Base64.getDecoder();
        return new ScramVerifier(
                base64.decode(parts.group(2)),
                Integer.parseInt(parts.group(1)),
                base64.decode(parts.group(3)),
                base64.decode(parts.group(4)));
    }

    /** Whether a password is the one that it was derived from. */
    public boolean accepts(String password) {
        return isSamePassword(ofSameSalt(password));
    }

    /** The verifier of another password with this one's salt; takes milliseconds, as {@link #of}. */
    ScramVerifier ofSameSalt(String password) {
        return of(password, salt, iterations);
    }

    /** Whether a verifier with the same salt is of the same password. */
    public boolean isSamePassword(ScramVerifier other) {
        return MessageDigest.isEqual(other.storedKey, storedKey);
    }

    /** Whether a client's proof for a message shows that it knows the password. */
    boolean accepts(byte[] proof, String authMessage) {
        var signature = hmac(storedKey, authMessage);
        if (proof.length != signature.length) {
            return false;
        }
        var clientKey = new byte[proof.length];
        for (var i = 0; i < proof.length; i++) {
            clientKey[i] = (byte) (proof[i] ^ signature[i]);
        }
        return MessageDigest.isEqual(sha256(clientKey), storedKey);
    }

    /** What shows a client that the server knows the verifier. */
    byte[] serverSignature(String authMessage) {
        return hmac(serverKey, authMessage);
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has this algorithm
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has this algorithm
        }
    }

    @Override
    public String toString() {
        var base64 = Base64.getEncoder();
        return "SCRAM-SHA-256$%d:%s$%s:%s"
                .formatted(
                        iterations,
                        base64.encodeToString(salt),
                        base64.encodeToString(storedKey),
                        base64.encodeToString(serverKey));
    }
}
