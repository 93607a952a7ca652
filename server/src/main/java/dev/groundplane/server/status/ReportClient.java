package dev.groundplane.server.status;

import dev.groundplane.server.local.Connection;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.local.OperatorToken;
import dev.groundplane.server.tls.Authorities;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Asks a control plane for its report. */
final class ReportClient {
    /** Where the report is. */
    static final String PATH = "/status";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private ReportClient() {}

    /** @throws IOException when there is no answer, or none that is a report */
    static Report ask(DataDirectory data, Connection connection) throws IOException {
        HttpURLConnection http = (HttpURLConnection)
                URI.create(connection.endpoint() + PATH).toURL().openConnection();
        if (http instanceof HttpsURLConnection https && connection.authorities() != null) {
            trust(https, Path.of(connection.authorities()));
        }
        http.setConnectTimeout((int) PATIENCE.toMillis());
        http.setReadTimeout((int) PATIENCE.toMillis());
        http.setRequestProperty("Authorization", "Bearer " + OperatorToken.of(data));
        try (InputStream in = http.getInputStream()) {
            return Report.decode(in.readAllBytes());
        }
    }

    private static void trust(HttpsURLConnection https, Path authorities) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {Authorities.trust(Optional.of(authorities))}, null);
            https.setSSLSocketFactory(context.getSocketFactory());
        } catch (GeneralSecurityException e) {
            throw new IOException("this JVM has no TLS", e);
        }
    }
}
