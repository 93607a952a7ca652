package dev.groundplane.server.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.tls.Authorities;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.redshiftserverless.RedshiftServerlessClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/**
 * How to call a control plane: everything that an AWS client needs.
 *
 * @param endpoint base URL
 * @param region AWS region name
 * @param account twelve digits
 * @param accessKeyId whose calls these are
 * @param secretAccessKey its secret
 * @param authorities a PEM file of those to trust for TLS; null for those that are trusted anyhow
 */
public record Connection(
        String endpoint,
        String region,
        String account,
        String accessKeyId,
        String secretAccessKey,
        @Nullable String authorities) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws GroundplaneException when the installation was never started */
    public static Connection of(DataDirectory data) {
        if (!Files.exists(data.connection())) {
            throw new GroundplaneException(
                    ErrorKind.USER_ERROR,
                    "nothing was started in %s yet; run './groundplane up' or choose another directory with --data"
                            .formatted(data.root()));
        }
        try {
            return JSON.readValue(data.connection().toFile(), Connection.class);
        } catch (IOException e) {
            throw new GroundplaneException(
                    ErrorKind.EXTERNAL, "cannot read %s: %s".formatted(data.connection(), e.getMessage()), e);
        }
    }

    /** This as JSON. */
    public String encode() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always have a JSON form", e);
        }
    }

    private StaticCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKeyId, secretAccessKey));
    }

    private SdkHttpClient http() {
        return authorities == null
                ? UrlConnectionHttpClient.create()
                : UrlConnectionHttpClient.builder()
                        .tlsTrustManagersProvider(
                                () -> new TrustManager[] {Authorities.trust(Optional.of(Path.of(authorities)))})
                        .build();
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(B builder) {
        return builder.endpointOverride(URI.create(endpoint))
                .region(Region.of(region))
                .credentialsProvider(credentials())
                .httpClient(http())
                .build();
    }

    /** An ECS client; the caller closes it. */
    public EcsClient ecs() {
        return client(EcsClient.builder());
    }

    /** A Systems Manager client; the caller closes it. */
    public SsmClient ssm() {
        return client(SsmClient.builder());
    }

    /** A CloudWatch Logs client; the caller closes it. */
    public CloudWatchLogsClient logs() {
        return client(CloudWatchLogsClient.builder());
    }

    /** An S3 client; the caller closes it. */
    public S3Client s3() {
        return client(S3Client.builder().forcePathStyle(true));
    }

    /** A CloudTrail client; the caller closes it. */
    public CloudTrailClient cloudTrail() {
        return client(CloudTrailClient.builder());
    }

    /** An IAM client; the caller closes it. */
    public IamClient iam() {
        return client(IamClient.builder());
    }

    /** A Redshift Serverless client; the caller closes it. */
    public RedshiftServerlessClient redshiftServerless() {
        return client(RedshiftServerlessClient.builder());
    }

    /** An RDS client; the caller closes it. */
    public RdsClient rds() {
        return client(RdsClient.builder());
    }

    /** A Secrets Manager client; the caller closes it. */
    public SecretsManagerClient secretsManager() {
        return client(SecretsManagerClient.builder());
    }

    /** Keeps the secret out of log lines. */
    @Override
    public String toString() {
        return "Connection[" + endpoint + ", " + accessKeyId + "]";
    }
}
