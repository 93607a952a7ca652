package dev.groundplane.services.s3.external;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSupplier;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Another S3, and as whom it is called.
 *
 * @param endpoint scheme, host and port
 * @param region that calls are signed for
 * @param credentials a shared credentials file of AWS, of which the profile {@value #PROFILE} is used; read again when it changes
 * @param virtualHosts whether buckets are named by the host instead of by the path
 * @param trusted whose certificates it may show; empty for those that Java trusts
 * @param listEvery how often prefixes are listed, to find what others put there
 */
public record ExternalStore(
        URI endpoint,
        String region,
        Path credentials,
        boolean virtualHosts,
        Optional<TrustManager> trusted,
        Duration listEvery) {
    /** The profile whose credentials are used. */
    public static final String PROFILE = "default";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    /**
     * Asks it for its buckets, to see whether it is there and takes the credentials.
     *
     * @return what is wrong, and what would be right; empty when nothing is
     */
    public Optional<String> problem() {
        try (S3Client client = connect()) {
            client.listBuckets();
            return Optional.empty();
        } catch (S3Exception e) {
            return problem(e);
        } catch (SdkException e) {
            return Optional.of("the S3 at %s cannot be called: %s; it must be where an S3 answers, and %s must have"
                            .formatted(endpoint, ExternalErrors.reason(e), credentials)
                    + " aws_access_key_id and aws_secret_access_key under [%s]".formatted(PROFILE));
        }
    }

    private Optional<String> problem(S3Exception e) {
        String code = e.awsErrorDetails() == null
                ? ""
                : String.valueOf(e.awsErrorDetails().errorCode());
        String said = e.awsErrorDetails() == null
                ? ""
                : String.valueOf(e.awsErrorDetails().errorMessage());
        return switch (code) {
            case "AccessDenied" -> Optional.empty(); // it knows the caller, who may not list buckets
            case "InvalidAccessKeyId" ->
                Optional.of("the S3 at %s does not know the access key id in %s: %s"
                        .formatted(endpoint, credentials, said));
            case "SignatureDoesNotMatch" ->
                Optional.of("the S3 at %s has another secret access key than the one in %s: %s"
                        .formatted(endpoint, credentials, said));
            case "AuthorizationHeaderMalformed", "InvalidRegionName" ->
                Optional.of("the S3 at %s does not take --s3-region %s: %s".formatted(endpoint, region, said));
            default ->
                Optional.of("what answers at %s answers %d %s to ListBuckets, as no S3 does: %s"
                        .formatted(endpoint, e.statusCode(), code, said));
        };
    }

    /** A client of it, which the caller closes. It tries nothing twice: contents pass once, and whoever calls tries again. */
    S3Client connect() {
        UrlConnectionHttpClient.Builder http = UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(ANSWER_TIMEOUT);
        trusted.ifPresent(one -> http.tlsTrustManagersProvider(() -> new TrustManager[] {one}));
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.of(region))
                .forcePathStyle(!virtualHosts)
                .credentialsProvider(ProfileCredentialsProvider.builder()
                        .profileFile(ProfileFileSupplier.reloadWhenModified(credentials, ProfileFile.Type.CREDENTIALS))
                        .profileName(PROFILE)
                        .build())
                .httpClientBuilder(http)
                // What callers declare is checked here and passed on; not every S3 knows what the SDK would add.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(all -> all.retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .addExecutionInterceptor(new OutgoingHeaders()))
                .build();
    }
}
