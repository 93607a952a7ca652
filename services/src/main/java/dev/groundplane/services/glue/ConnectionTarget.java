package dev.groundplane.services.glue;

import dev.groundplane.platform.Call;
import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.DatabaseEndpoint.Transport;
import java.io.ByteArrayInputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/** What a connection's properties lead to, with the rights of whoever names them. */
record ConnectionTarget(GlueNeighbours neighbours) {
    private static final Pattern S3 = Pattern.compile("s3://([^/]+)/(.+)");
    private static final int MOST_CERTIFICATE_BYTES = 64 << 10;

    /**
     * A database and what is needed to connect to it.
     *
     * @param secret the ARN of its secret
     * @param certificate the authority's, in PEM; empty for those that Java knows
     */
    record Resolved(DatabaseAddress address, String secret, SourceCredentials credentials, String certificate) {
        /** What is kept beside the connection. */
        Map<String, String> extra() {
            Map<String, String> extra = new HashMap<>(Map.of(ConnectionStore.SECRET, secret));
            if (!certificate.isEmpty()) {
                extra.put(ConnectionStore.CERTIFICATE, certificate);
            }
            return extra;
        }

        DatabaseEndpoint endpoint() {
            Transport transport = Glue.transport(address, certificate);
            return Glue.endpoint(address, transport, credentials, "");
        }
    }

    /**
     * Reads the secret and the certificate as the caller.
     *
     * @throws software.amazon.awssdk.services.glue.model.InvalidInputException when properties, secret or certificate are not what
     *     they must be
     */
    Resolved resolve(Call call, @Nullable String type, Map<String, String> properties) {
        DatabaseAddress address = DatabaseAddress.of(type, properties);
        String id = address.secret();
        if (id.startsWith("arn:") && !id.startsWith(call.scope().arn("secretsmanager", "secret:"))) {
            throw GlueErrors.invalid(
                    "SECRET_ID '%s' must be a secret of account %s in region %s.",
                    id, call.scope().account(), call.scope().region());
        }
        GetSecretValueResponse secret = neighbours.secret(
                call, GetSecretValueRequest.builder().secretId(id).build());
        try {
            return new Resolved(
                    address,
                    secret.arn(),
                    SourceCredentials.of(secret),
                    address.certificate().map(uri -> certificate(call, uri)).orElse(""));
        } catch (IllegalArgumentException e) {
            throw GlueErrors.invalid("%s", String.valueOf(e.getMessage()));
        }
    }

    private String certificate(Call call, String uri) {
        Matcher place = S3.matcher(uri);
        if (!place.matches()) {
            throw GlueErrors.invalid("CUSTOM_JDBC_CERT '%s' must be an object's URI, s3://BUCKET/KEY.", uri);
        }
        byte[] pem = neighbours.object(
                call,
                GetObjectRequest.builder()
                        .bucket(place.group(1))
                        .key(place.group(2))
                        .range("bytes=0-" + MOST_CERTIFICATE_BYTES)
                        .build());
        try {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
            if (certificates.size() != 1) {
                throw GlueErrors.invalid(
                        "CUSTOM_JDBC_CERT '%s' has %d certificates; it must have one, the authority's, in PEM.",
                        uri, certificates.size());
            }
            return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                    .formatted(Base64.getMimeEncoder()
                            .encodeToString(certificates.iterator().next().getEncoded()));
        } catch (CertificateException e) {
            throw GlueErrors.invalid("CUSTOM_JDBC_CERT '%s' must be a certificate in PEM.", uri);
        }
    }
}
