package dev.groundplane.agent.secrets;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.Parameter;

/**
 * Secrets Manager, Parameter Store and S3. The only class that knows their clients: an agent whose tasks have no secrets
 * never loads them.
 */
public final class AwsSecretSource implements SecretSource {
    /** AWS's limit of names in one request. */
    private static final int BATCH = 10;

    private static final int SERVER_ERROR = 500;
    /** More than Linux lets the environment of a process have. */
    private static final long MOST_BYTES = 2 << 20;

    /** New credentials may be on their way. */
    private static final Set<String> EXPIRED = Set.of("ExpiredTokenException", "ExpiredToken");

    private final Supplier<URI> endpoint;
    private final SdkHttpClient http;

    /**
     * @param endpoint where to call now
     * @param http is left open
     */
    public AwsSecretSource(Supplier<URI> endpoint, SdkHttpClient http) {
        this.endpoint = endpoint;
        this.http = http;
    }

    @Override
    public String secret(String region, AsmReference reference, AwsCredentials credentials) throws SourceFailure {
        try (var client =
                configure(SecretsManagerClient.builder(), region, credentials).build()) {
            var value = client.getSecretValue(request -> request.secretId(reference.secretId())
                    .versionStage(reference.versionStage())
                    .versionId(reference.versionId()));
            if (value.secretString() == null) {
                throw new SourceFailure(false, "the secret is binary; only a SecretString can become a variable");
            }
            return value.secretString();
        } catch (AwsServiceException e) {
            throw failure(e);
        } catch (SdkClientException e) {
            throw new SourceFailure(true, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Map<String, String> parameters(String region, List<String> names, AwsCredentials credentials)
            throws SourceFailure {
        try (var client = configure(SsmClient.builder(), region, credentials).build()) {
            var values = new HashMap<String, String>();
            for (var from = 0; from < names.size(); from += BATCH) {
                var batch = names.subList(from, Math.min(from + BATCH, names.size()));
                var found = new ArrayList<>(
                        client.getParameters(request -> request.names(batch).withDecryption(true))
                                .parameters());
                for (var name : batch) {
                    found.stream()
                            .filter(parameter -> answers(parameter, name))
                            .findFirst()
                            .ifPresent(parameter -> values.put(name, parameter.value()));
                }
            }
            return values;
        } catch (AwsServiceException e) {
            throw failure(e);
        } catch (SdkClientException e) {
            throw new SourceFailure(true, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public String object(String region, ObjectReference reference, AwsCredentials credentials) throws SourceFailure {
        try (var client = configure(S3Client.builder().forcePathStyle(true), region, credentials)
                        .build();
                var content = client.getObject(
                        request -> request.bucket(reference.bucket()).key(reference.key()))) {
            if (content.response().contentLength() > MOST_BYTES) {
                throw new SourceFailure(
                        false,
                        "the object has %d bytes; an environment has at most %d"
                                .formatted(content.response().contentLength(), MOST_BYTES));
            }
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (AwsServiceException e) {
            throw failure(e);
        } catch (SdkClientException | IOException e) {
            throw new SourceFailure(true, String.valueOf(e.getMessage()));
        }
    }

    private static boolean answers(Parameter parameter, String asked) {
        var selector = Objects.requireNonNullElse(parameter.selector(), "");
        return asked.equals(parameter.name() + selector) || asked.equals(parameter.arn() + selector);
    }

    private static SourceFailure failure(AwsServiceException e) {
        var details = e.awsErrorDetails();
        var code = details == null ? "HTTP " + e.statusCode() : String.valueOf(details.errorCode());
        var text = details == null ? "" : ": " + details.errorMessage();
        var passing = e.isThrottlingException() || e.statusCode() >= SERVER_ERROR || EXPIRED.contains(code);
        return new SourceFailure(passing, code + text);
    }

    /** Whoever asks decides when to ask again. */
    private <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B configure(
            B builder, String region, AwsCredentials credentials) {
        return builder.endpointOverride(endpoint.get())
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(http)
                .overrideConfiguration(configuration -> configuration.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }
}
