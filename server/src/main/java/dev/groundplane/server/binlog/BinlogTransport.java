package dev.groundplane.server.binlog;

import dev.groundplane.services.DatabaseEndpoint.Transport;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Properties;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** How the driver is told to protect a connection. Source: "About MariaDB Connector/J", "TLS Parameters". */
final class BinlogTransport {
    private BinlogTransport() {}

    static void apply(Transport transport, Properties properties) {
        switch (transport.sslMode()) {
            case "prefer" -> { // within the machine
                properties.setProperty("sslMode", "disable");
                properties.setProperty("allowPublicKeyRetrieval", "true"); // for MySQL's passwords; nobody is between
            }
            case "require" -> properties.setProperty("sslMode", "trust");
            case "verify-full" -> {
                properties.setProperty("sslMode", "verify-full");
                properties.setProperty(
                        "serverSslCert", transport.authority().isEmpty() ? Known.AUTHORITIES : transport.authority());
            }
            default -> throw new IllegalArgumentException(transport.sslMode());
        }
    }

    /**
     * The authorities that Java knows, in PEM. Without any named, the driver would take a certificate that nobody vouches for from a
     * server that proves to know the password, and whoever reads the log of it would not.
     */
    private static final class Known {
        static final String AUTHORITIES = read();

        private static String read() {
            StringBuilder pem = new StringBuilder();
            try {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init((KeyStore) null);
                for (X509TrustManager manager : Arrays.stream(factory.getTrustManagers())
                        .filter(X509TrustManager.class::isInstance)
                        .map(X509TrustManager.class::cast)
                        .toList()) {
                    for (X509Certificate authority : manager.getAcceptedIssuers()) {
                        pem.append("-----BEGIN CERTIFICATE-----\n")
                                .append(Base64.getMimeEncoder().encodeToString(authority.getEncoded()))
                                .append("\n-----END CERTIFICATE-----\n");
                    }
                }
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
            return pem.toString();
        }
    }
}
