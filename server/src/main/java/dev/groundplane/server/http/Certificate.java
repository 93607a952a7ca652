package dev.groundplane.server.http;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * A server's certificate and private key.
 *
 * @param chain the server's certificate, then those that vouch for it
 * @param key belongs to the first of them
 */
public record Certificate(List<X509Certificate> chain, PrivateKey key) {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final byte[] PROOF = "the key belongs to the certificate".getBytes(StandardCharsets.US_ASCII);
    private static final String NONE = "";

    /**
     * Reads both files.
     *
     * @param chain the server's certificate, then those that vouch for it, as PEM
     * @param key its private key as PEM, in PKCS #8 without a password
     * @throws GroundplaneException when they cannot be read or do not belong together
     */
    public static Certificate of(Path chain, Path key) {
        try (InputStream in = Files.newInputStream(chain)) {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (certificates.isEmpty()) {
                throw unusable(chain, "it has no certificate in PEM form");
            }
            String algorithm = certificates.getFirst().getPublicKey().getAlgorithm();
            Certificate certificate = new Certificate(certificates, privateKey(key, algorithm));
            if (!certificate.isWhole()) {
                throw unusable(key, "it is the key of another certificate than the first in " + chain);
            }
            return certificate;
        } catch (GeneralSecurityException e) {
            throw unusable(chain, "it has no certificate in PEM form: " + e.getMessage());
        } catch (IOException e) {
            throw unusable(chain, e.toString());
        }
    }

    private static PrivateKey privateKey(Path file, String algorithm) {
        try {
            Matcher pem = KEY.matcher(Files.readString(file));
            if (!pem.find()) {
                throw unusable(
                        file, "it has no BEGIN PRIVATE KEY; convert the key with 'openssl pkcs8 -topk8 -nocrypt'");
            }
            byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw unusable(file, "it is no %s key, which the certificate is for".formatted(algorithm));
        } catch (IOException e) {
            throw unusable(file, e.toString());
        }
    }

    /** Whether what the key signs is what the certificate verifies. */
    private boolean isWhole() throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(PROOF);
        byte[] signature = signing.sign();
        Signature verifying = Signature.getInstance(algorithm);
        verifying.initVerify(chain.getFirst().getPublicKey());
        verifying.update(PROOF);
        return verifying.verify(signature);
    }

    private static GroundplaneException unusable(Path file, String why) {
        return new GroundplaneException(ErrorKind.USER_ERROR, "cannot use %s for TLS: %s".formatted(file, why));
    }

    /** From when on it holds no more. */
    public Instant expires() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    /** The names and addresses that it is for, as it has them. */
    public List<String> names() {
        try {
            return Optional.ofNullable(chain.getFirst().getSubjectAlternativeNames()).stream()
                    .flatMap(Collection::stream)
                    .map(name -> name.get(1))
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .toList();
        } catch (GeneralSecurityException e) {
            return List.of(); // it has none that can be read
        }
    }

    /** What a server speaks with it; {@link #into} gives it another later. */
    SslContextFactory.Server context() {
        SslContextFactory.Server context = new SslContextFactory.Server();
        into(context);
        return context;
    }

    void into(SslContextFactory context) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, NONE.toCharArray(), chain.toArray(X509Certificate[]::new));
            context.setKeyStore(store);
            context.setKeyStorePassword(NONE);
        } catch (GeneralSecurityException | IOException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "a key store in memory cannot be made", e);
        }
    }

    /** Keeps the key out of log lines. */
    @Override
    public String toString() {
        return "Certificate[%s, until %s]".formatted(names(), expires());
    }
}
