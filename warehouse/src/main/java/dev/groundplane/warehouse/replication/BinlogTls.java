package dev.groundplane.warehouse.replication;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.github.shyiko.mysql.binlog.network.SSLSocketFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS of the connections that read a log; those for statements have the driver's own. */
final class BinlogTls implements SSLSocketFactory {
    private final SSLContext context;
    private final String host;
    private final int port;
    private final boolean verifies;

    private BinlogTls(SSLContext context, String host, int port, boolean verifies) {
        this.context = context;
        this.host = host;
        this.port = port;
        this.verifies = verifies;
    }

    /** What protects connections to a server; empty for those within the machine. */
    static Optional<SSLSocketFactory> of(Source.Transport transport, String host, int port) {
        var verifies = transport.sslMode().equals("verify-full");
        if (!verifies && !transport.sslMode().equals("require")) {
            return Optional.empty();
        }
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, verifies ? trusted(transport.authority()) : new TrustManager[] {new Anyone()}, null);
            return Optional.of(new BinlogTls(context, host, port, verifies));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("no certificate of an authority: " + e.getMessage(), e);
        }
    }

    /** Who is trusted; null for the authorities that Java knows. */
    private static TrustManager @Nullable [] trusted(String authority) throws GeneralSecurityException, IOException {
        if (authority.isEmpty()) {
            return null;
        }
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        var number = 0;
        for (var certificate : CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(authority.getBytes(US_ASCII)))) {
            store.setCertificateEntry("authority " + number++, certificate);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    @Override
    public SSLSocket createSocket(Socket socket) throws SocketException {
        try {
            var secured = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
            if (verifies) {
                var parameters = secured.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate has the host's name
                secured.setSSLParameters(parameters);
            }
            return secured;
        } catch (IOException e) {
            var failure = new SocketException(e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    /** Takes every certificate, as {@code require} says. */
    private static final class Anyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
