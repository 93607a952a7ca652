package dev.groundplane.server.tls;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.http.Certificate;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.X509TrustManager;

/** A certificate of the organisation's own, in files that somebody else renews. */
public final class CertificateFiles implements CertificateSource {
    private final Path chain;
    private final Path key;
    private final Optional<Path> authorities;
    private final Set<String> reached;
    private final InstantSource clock;

    /**
     * @param chain PEM
     * @param key PEM
     * @param authorities PEM; empty for those that the machine trusts anyhow
     * @param listeners the addresses, besides loopback, at which this machine can be reached
     */
    public CertificateFiles(
            Path chain, Path key, Optional<Path> authorities, List<String> listeners, InstantSource clock) {
        this.chain = chain;
        this.key = key;
        this.authorities = authorities;
        this.reached = reached(listeners);
        this.clock = clock;
    }

    private static Set<String> reached(List<String> listeners) {
        Set<String> addresses = new HashSet<>(Set.of("127.0.0.1"));
        for (String listener : listeners) {
            try {
                addresses.add(InetAddress.getByName(listener).getHostAddress());
            } catch (UnknownHostException e) {
                throw new GroundplaneException(
                        ErrorKind.USER_ERROR, "--listen %s is no address of this machine".formatted(listener), e);
            }
        }
        return addresses;
    }

    @Override
    public Certificate load() {
        Certificate certificate = Certificate.of(chain, key);
        X509Certificate own = certificate.chain().getFirst();
        Instant now = clock.instant();
        if (now.isAfter(certificate.expires())) {
            throw unusable("it expired on %s; renew it".formatted(certificate.expires()));
        }
        if (now.isBefore(own.getNotBefore().toInstant())) {
            throw unusable("it holds from %s on only; is this machine's clock right?"
                    .formatted(own.getNotBefore().toInstant()));
        }
        X509TrustManager trust = Authorities.trust(authorities);
        try {
            trust.checkServerTrusted(certificate.chain().toArray(X509Certificate[]::new), "UNKNOWN"); // as with TLS 1.3
        } catch (CertificateException e) {
            throw unusable("%s does not vouch for it (%s); --tls-ca names the authorities that do"
                    .formatted(
                            authorities.map(Path::toString).orElse("none of the authorities that Java trusts"),
                            e.getMessage()));
        }
        return certificate;
    }

    @Override
    public Optional<Path> authorities() {
        return authorities;
    }

    @Override
    public String localName() {
        Certificate certificate = Certificate.of(chain, key);
        return certificate.names().stream()
                .filter(this::leadsHere)
                .findFirst()
                .orElseThrow(() -> unusable(
                        "it is for %s, and this machine reaches itself by none of them; have it issued for 127.0.0.1 or"
                                        .formatted(certificate.names())
                                + " localhost too, or let a name of it lead to 127.0.0.1 (/etc/hosts) or to an address of"
                                + " --listen"));
    }

    private boolean leadsHere(String name) {
        try {
            return reached.contains(InetAddress.getByName(name).getHostAddress());
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private GroundplaneException unusable(String why) {
        return new GroundplaneException(ErrorKind.USER_ERROR, "cannot use %s for TLS: %s".formatted(chain, why));
    }
}
