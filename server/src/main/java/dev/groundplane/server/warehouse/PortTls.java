package dev.groundplane.server.warehouse;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.http.Certificate;
import dev.groundplane.server.tls.CertificateSource;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** TLS of the warehouse's ports: by the control plane's certificate, or one of its own authority. Thread-safe. */
public final class PortTls implements Supplier<SSLContext> {
    /** How long a certificate is in use until it is looked whether it was renewed. */
    private static final Duration LOOKED_AT = Duration.ofMinutes(1);

    private static final char[] NO_PASSWORD = {};

    private final CertificateSource source;
    private final InstantSource clock;
    private @Nullable Certificate current;
    private @Nullable SSLContext context;
    private Instant next = Instant.MIN;

    /** @param source asked with the first client, and now and then */
    public PortTls(CertificateSource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    @Override
    public synchronized SSLContext get() {
        if (context != null && clock.instant().isBefore(next)) {
            return context;
        }
        Certificate loaded = source.load();
        if (context == null || current == null || !loaded.chain().equals(current.chain())) {
            context = context(loaded);
            current = loaded;
        }
        next = clock.instant().plus(LOOKED_AT);
        return context;
    }

    private static SSLContext context(Certificate certificate) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "server",
                    certificate.key(),
                    NO_PASSWORD,
                    certificate.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "a key store in memory cannot be made", e);
        }
    }
}
