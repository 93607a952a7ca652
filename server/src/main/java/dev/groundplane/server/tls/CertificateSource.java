package dev.groundplane.server.tls;

import dev.groundplane.server.http.Certificate;
import java.nio.file.Path;
import java.util.Optional;

/** Where the control plane's certificate comes from. Thread-safe. */
public interface CertificateSource {
    /**
     * The certificate as it is now; asked again and again, so that a renewed one is noticed.
     *
     * @throws dev.groundplane.platform.GroundplaneException when it cannot be used
     */
    Certificate load();

    /** The authorities to trust for it, as a PEM file; empty for those that the machine trusts anyhow. */
    Optional<Path> authorities();

    /** The name or address in it by which this machine itself reaches the control plane. */
    String localName();
}
