package dev.groundplane.services.ssm;

import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Reading the public keys of managed instances: RSA, base64 of DER's SubjectPublicKeyInfo. */
final class PublicKeys {
    private static final int LEAST_BITS = 2_048;
    private static final int MOST_BITS = 8_192;

    private PublicKeys() {}

    /** @throws dev.groundplane.wire.WireException {@code InvalidPublicKey} when it is none, or too short */
    static RSAPublicKey read(String type, String key) {
        if (!type.equals("Rsa")) {
            throw SsmErrors.protocol("InvalidPublicKey", "The public key type must be Rsa, found '%s'", type);
        }
        try {
            byte[] der = Base64.getDecoder().decode(key);
            RSAPublicKey read =
                    (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
            int bits = read.getModulus().bitLength();
            if (bits < LEAST_BITS || bits > MOST_BITS) {
                throw SsmErrors.protocol(
                        "InvalidPublicKey",
                        "The public key has %d bits; it must have %d to %d",
                        bits,
                        LEAST_BITS,
                        MOST_BITS);
            }
            return read;
        } catch (IllegalArgumentException | InvalidKeySpecException e) {
            throw SsmErrors.protocol("InvalidPublicKey", "The public key is not an RSA key in base64 of DER");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has RSA", e);
        }
    }
}
