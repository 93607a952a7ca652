package dev.groundplane.services.cloudtrail;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;

/**
 * A key pair that signs digests.
 *
 * @param publicKey base64 of PKCS #1 RSAPublicKey in DER (RFC 8017, appendix A.1.1)
 * @param privateKey base64 of PKCS #8 in DER, sealed
 * @param since from when on it signs, ISO 8601
 */
record DigestKey(String publicKey, String privateKey, String since) {
    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;

    /** The public key as RFC 8017 has it. */
    static byte[] pkcs1(RSAPublicKey key) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(integer(key.getModulus()));
        both.writeBytes(integer(key.getPublicExponent()));
        return element(SEQUENCE, both.toByteArray());
    }

    private static byte[] integer(BigInteger value) {
        return element(INTEGER, value.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        if (content.length < 0x80) {
            element.write(content.length);
        } else {
            byte[] length = BigInteger.valueOf(content.length).toByteArray();
            int skip = length[0] == 0 ? 1 : 0;
            element.write(0x80 | (length.length - skip));
            element.write(length, skip, length.length - skip);
        }
        element.writeBytes(content);
        return element.toByteArray();
    }
}
