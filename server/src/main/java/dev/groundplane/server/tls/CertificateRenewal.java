package dev.groundplane.server.tls;

import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.server.http.Certificate;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again whether there is another certificate, and hands it on. It polls: files are renewed in more ways than
 * a watch sees (links, mounts), and a certificate also has to be renewed because time passes. Thread-safe.
 */
public final class CertificateRenewal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateRenewal.class);
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final CertificateSource source;
    private final Consumer<Certificate> user;
    private final Reconciler<String> timer = new Reconciler<>("certificate-renewal", this::step);
    private volatile Certificate current;
    private String complaint = "";

    /**
     * @param current what is in use
     * @param user takes another into use
     */
    public CertificateRenewal(CertificateSource source, Certificate current, Consumer<Certificate> user) {
        this.source = source;
        this.current = current;
        this.user = user;
    }

    /** Begins to look. */
    public void start() {
        timer.enqueueAfter("certificate", EVERY);
    }

    private void step(String key) {
        try {
            check();
        } finally {
            timer.enqueueAfter(key, EVERY);
        }
    }

    /** Takes another certificate into use, if there is one. What cannot be used is said once; the present one stays. */
    synchronized void check() {
        try {
            Certificate next = source.load();
            complaint = "";
            if (!next.chain().equals(current.chain())) {
                user.accept(next);
                current = next;
                LOG.info("the certificate for TLS is another one now, until {}", next.expires());
            }
        } catch (GroundplaneException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(complaint)) {
                complaint = message;
                LOG.error("the certificate for TLS stays as it is: {}", message);
            }
        }
    }

    /** What is in use. */
    public Certificate current() {
        return current;
    }

    @Override
    public void close() {
        timer.close();
    }
}
