package dev.groundplane.server.http;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A server's certificate chain and private key, from PEM files. Immutable. */
public final class Certificate {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final String NONE = "";

    private final KeyStore store;

    private Certificate(KeyStore store) {
        this.store = store;
    }

    /**
     * Reads both files.
     *
     * @param chain the server's certificate, then those that vouch for it
     * @param key its private key, in PKCS #8 without a password
     * @throws GroundplaneException when they cannot be read
     */
    public static Certificate of(Path chain, Path key) {
        try (InputStream in = Files.newInputStream(chain)) {
            java.security.cert.Certificate[] certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .toArray(java.security.cert.Certificate[]::new);
            if (certificates.length == 0) {
                throw unusable(chain, "it has no certificate in PEM form");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            String algorithm = certificates[0].getPublicKey().getAlgorithm();
            store.setKeyEntry("server", privateKey(key, algorithm), NONE.toCharArray(), certificates);
            return new Certificate(store);
        } catch (GeneralSecurityException e) {
            throw unusable(chain, e.toString());
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

    private static GroundplaneException unusable(Path file, String why) {
        return new GroundplaneException(ErrorKind.USER_ERROR, "cannot use %s for TLS: %s".formatted(file, why));
    }

    SslContextFactory.Server context() {
        SslContextFactory.Server context = new SslContextFactory.Server();
        context.setKeyStore(store);
        context.setKeyStorePassword(NONE);
        return context;
    }
}
