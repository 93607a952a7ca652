package dev.groundplane.agent.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Certificate authorities to trust instead of the JVM's, from a PEM file. Immutable. */
public final class PrivateTrust {
    private final TrustManager[] managers;

    private PrivateTrust(TrustManager[] managers) {
        this.managers = managers;
    }

    /** @throws IOException when the file cannot be read or has no certificate */
    public static PrivateTrust of(Path pem) throws IOException {
        try (var in = Files.newInputStream(pem)) {
            var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new IOException("%s has no certificate in PEM form".formatted(pem));
            }
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            var number = 0;
            for (var certificate : certificates) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return new PrivateTrust(factory.getTrustManagers());
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read certificates from %s: %s".formatted(pem, e.getMessage()), e);
        }
    }

    /** For HTTP clients. */
    public List<TrustManager> managers() {
        return List.of(managers);
    }

    /** For WebSockets. */
    public SSLContext context() throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers.clone(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("this JVM has no TLS", e);
        }
    }
}
