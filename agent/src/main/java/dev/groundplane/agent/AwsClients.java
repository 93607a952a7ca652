package dev.groundplane.agent;

import dev.groundplane.agent.identity.ClockedHttpClient;
import dev.groundplane.agent.identity.ControlPlaneClock;
import dev.groundplane.agent.identity.CorrectedSigning;
import dev.groundplane.agent.identity.Endpoints;
import dev.groundplane.agent.identity.PrivateTrust;
import dev.groundplane.agent.secrets.AwsSecretSource;
import dev.groundplane.agent.secrets.SecretSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ecs.EcsClient;

/** The SDK clients that speak to the control plane, over one HTTP client. Those who call decide when to try again. */
final class AwsClients {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    private final Endpoints endpoints;
    private final SdkHttpClient http;
    private final AwsCredentialsProvider credentials;
    private final CorrectedSigning signing;

    /**
     * @param http see {@link #http}
     * @param clock the time that requests are signed with
     */
    AwsClients(Endpoints endpoints, SdkHttpClient http, AwsCredentialsProvider credentials, ControlPlaneClock clock) {
        this.endpoints = endpoints;
        this.http = http;
        this.credentials = credentials;
        this.signing = new CorrectedSigning(clock);
    }

    /**
     * An HTTP client for calls of the control plane.
     *
     * @param clock is told the control plane's time
     * @param endpoints are told when there is no answer
     * @param trust the authorities to trust; empty for the JVM's
     */
    static SdkHttpClient http(ControlPlaneClock clock, Endpoints endpoints, Optional<PrivateTrust> trust) {
        // The JDK keeps five idle connections and closes the rest, so that busy agents would connect for most calls.
        System.setProperty("http.maxConnections", "32");
        var builder = UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(ANSWER_TIMEOUT);
        trust.ifPresent(authorities ->
                builder.tlsTrustManagersProvider(() -> authorities.managers().toArray(TrustManager[]::new)));
        return new ClockedHttpClient(builder.build(), clock, endpoints);
    }

    EcsClient ecs(String region) {
        return configure(EcsClient.builder().endpointProvider(_ -> resolved()), region)
                .build();
    }

    CloudWatchLogsClient logs(String region) {
        return configure(CloudWatchLogsClient.builder().endpointProvider(_ -> resolved()), region)
                .build();
    }

    /** Loads the clients of two services; made when the first task has a secret. */
    SecretSource secrets() {
        return new AwsSecretSource(endpoints::current, http);
    }

    /** Without the SDK's rules for endpoints, which it would apply to each call. */
    private CompletableFuture<Endpoint> resolved() {
        return CompletableFuture.completedFuture(
                Endpoint.builder().url(endpoints.current()).build());
    }

    private <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B configure(B builder, String region) {
        return builder.endpointOverride(endpoints.current())
                .region(Region.of(region))
                .credentialsProvider(credentials)
                .httpClient(http)
                .putAuthScheme(signing)
                .overrideConfiguration(configuration -> configuration.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }
}
