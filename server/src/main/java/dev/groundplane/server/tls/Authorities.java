package dev.groundplane.server.tls;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom clients on this machine trust. */
public final class Authorities {
    private Authorities() {}

    /**
     * @param pem certificates of authorities; empty for those that Java trusts anyhow
     * @throws GroundplaneException when the file has none
     */
    public static X509TrustManager trust(Optional<Path> pem) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(pem.isPresent() ? store(pem.get()) : null);
            return Stream.of(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (GeneralSecurityException | IOException e) {
            throw new GroundplaneException(
                    ErrorKind.USER_ERROR,
                    "cannot read authorities from %s: %s"
                            .formatted(pem.map(Path::toString).orElse("Java's own"), e.getMessage()),
                    e);
        }
    }

    private static @Nullable KeyStore store(Path pem) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(pem)) {
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
        }
        if (store.size() == 0) {
            throw new IOException("it has no certificate in PEM form");
        }
        return store;
    }
}
