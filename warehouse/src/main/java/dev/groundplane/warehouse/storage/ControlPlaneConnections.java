package dev.groundplane.warehouse.storage;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/** S3 and STS of the control plane that runs the warehouse. Its HTTP client is made with the first need. Thread-safe. */
public final class ControlPlaneConnections implements S3Connections {
    private static final String SESSION = "RedshiftIamRoleSession";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private final URI endpoint;
    private final String region;
    private final TrustManager @Nullable [] trusted;
    private @Nullable SdkHttpClient http;

    /**
     * @param region the warehouse's
     * @param trusted whom to trust beside {@code https} endpoints; null for the JVM's authorities
     */
    public ControlPlaneConnections(URI endpoint, String region, TrustManager @Nullable [] trusted) {
        this.endpoint = endpoint;
        this.region = region;
        this.trusted = trusted;
    }

    private synchronized SdkHttpClient http() {
        if (http == null) {
            var builder = UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(ANSWER_TIMEOUT);
            if (trusted != null) {
                var managers = trusted;
                builder.tlsTrustManagersProvider(() -> managers);
            }
            http = builder.build();
        }
        return http;
    }

    @Override
    public S3Client s3(AwsCredentials credentials, Optional<String> wanted) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.of(wanted.orElse(region)))
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(http())
                // The connection keeps bytes whole, and the signature those that are sent.
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .build();
    }

    @Override
    public AwsCredentials assume(AwsCredentials by, String role) {
        try (var sts = StsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(by))
                .httpClient(http())
                .build()) {
            var given = sts.assumeRole(request -> request.roleArn(role).roleSessionName(SESSION))
                    .credentials();
            return AwsSessionCredentials.create(given.accessKeyId(), given.secretAccessKey(), given.sessionToken());
        }
    }
}
