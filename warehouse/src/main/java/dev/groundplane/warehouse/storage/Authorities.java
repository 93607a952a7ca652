package dev.groundplane.warehouse.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Certificate authorities to trust instead of the JVM's. */
public final class Authorities {
    private Authorities() {}

    /**
     * Those of a PEM file; null for the JVM's.
     *
     * @throws IOException when there is no certificate in it
     */
    public static TrustManager @Nullable [] of(@Nullable Path pem) throws IOException {
        if (pem == null) {
            return null;
        }
        try (var content = Files.newInputStream(pem)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(content)) {
                store.setCertificateEntry("authority-" + store.size(), certificate);
            }
            if (store.size() == 0) {
                throw new IOException("%s has no certificate in PEM form".formatted(pem));
            }
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read certificates from %s: %s".formatted(pem, e.getMessage()), e);
        }
    }
}
