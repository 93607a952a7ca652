package dev.groundplane.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.wire.sigv4.Signature;
import dev.groundplane.wire.sigv4.SignatureVerifier;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.codeartifact.CodeartifactClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Sends random requests of every operation from the SDK's own client through the codec and random responses back: both
 * sides must see the same objects, and every signature must verify.
 */
class RoundTripTest {
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final int ROUNDS = 3;

    @ParameterizedTest
    @ValueSource(
            classes = {
                EcsClient.class,
                CloudWatchLogsClient.class,
                CloudTrailClient.class,
                StsClient.class,
                RdsClient.class,
                CodeartifactClient.class
            })
    void everyOperationOfTheSdkClientIsUnderstood(Class<? extends SdkClient> clientInterface) throws Exception {
        ServiceModel model = ServiceModel.of(clientInterface);
        Codec codec = model.codec();
        RandomPojo random = new RandomPojo(42);
        AtomicReference<SdkPojo> decoded = new AtomicReference<>();
        AtomicReference<SdkPojo> answer = new AtomicReference<>();
        SignatureVerifier verifier = new SignatureVerifier(Clock.systemUTC());
        SdkClient client = client(clientInterface, new LoopbackHttp(request -> {
            Signature.of(request).ifPresent(s -> verifier.verify(request, s, SECRET));
            OperationModel operation = codec.operation(request).orElseThrow();
            decoded.set(codec.decode(operation, request));
            return codec.encode(operation, answer.get(), "id");
        }));

        List<String> skipped = new ArrayList<>();
        int sent = 0;
        for (OperationModel operation : model.allOperations()) {
            for (int round = 0; round < ROUNDS; round++) {
                SdkPojo request = (SdkPojo) random.fill(operation.newRequestBuilder());
                answer.set((SdkPojo) random.fill(responseBuilder(operation)));
                try {
                    SdkPojo response = operation.invoke(client, request);
                    assertThat(WireForm.json(decoded.get()))
                            .as(operation.name() + " request")
                            .isEqualTo(WireForm.json(request));
                    assertThat(response.equalsBySdkFields(answer.get()))
                            .as(() -> operation.name() + " response\n" + answer.get() + "\n" + response)
                            .isTrue();
                    sent++;
                } catch (UnsupportedOperationException e) {
                    skipped.add(operation.name());
                    break;
                }
            }
        }
        assertThat(sent).isGreaterThan(20);
        // Only streaming operations may be left out; these services have at most one (GetPackageVersionAsset...).
        assertThat(skipped).hasSizeLessThanOrEqualTo(3);
    }

    private static SdkPojo responseBuilder(OperationModel operation) throws ReflectiveOperationException {
        String name = operation.requestClass().getName().replaceFirst("Request$", "Response");
        return (SdkPojo) Class.forName(name).getMethod("builder").invoke(null);
    }

    private static SdkClient client(Class<? extends SdkClient> type, LoopbackHttp http)
            throws ReflectiveOperationException {
        AwsClientBuilder<?, ?> builder =
                (AwsClientBuilder<?, ?>) type.getMethod("builder").invoke(null);
        builder.region(Region.US_EAST_1)
                .endpointOverride(URI.create("http://localhost:4566"))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIATEST", SECRET)));
        ((AwsSyncClientBuilder<?, ?>) builder).httpClient(http);
        return (SdkClient) builder.build();
    }
}
