package dev.groundplane.server.rds;

import dev.groundplane.services.DatabaseEndpoint.Transport;
import java.util.Properties;
import org.postgresql.ssl.DefaultJavaSSLFactory;
import org.postgresql.ssl.SingleCertValidatingFactory;

/** How the driver is told to protect a connection. */
final class SourceTransport {
    private SourceTransport() {}

    static void apply(Transport transport, Properties properties) {
        properties.setProperty("sslmode", transport.sslMode());
        if (transport.sslMode().equals("verify-full")) {
            // The driver compares the name itself, whichever factory looks at the certificate.
            if (transport.authority().isEmpty()) {
                properties.setProperty("sslfactory", DefaultJavaSSLFactory.class.getName());
            } else {
                properties.setProperty("sslfactory", SingleCertValidatingFactory.class.getName());
                properties.setProperty("sslfactoryarg", transport.authority());
            }
        }
    }
}
