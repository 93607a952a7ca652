package dev.groundplane.wire;

import java.lang.reflect.Method;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;

/** An SDK client that can call nobody; it exists so that its protocol metadata can be read. */
final class InertClient {
    private InertClient() {}

    static SdkClient of(Class<? extends SdkClient> client) throws ReflectiveOperationException {
        Method builderMethod = client.getMethod("builder");
        AwsClientBuilder<?, ?> builder = (AwsClientBuilder<?, ?>) builderMethod.invoke(null);
        builder.region(Region.US_EAST_1).credentialsProvider(AnonymousCredentialsProvider.create());
        ((AwsSyncClientBuilder<?, ?>) builder).httpClient(new NoHttp());
        return (SdkClient) builder.build();
    }

    private static final class NoHttp implements SdkHttpClient {
        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            throw new UnsupportedOperationException("this client calls nobody");
        }

        @Override
        public void close() {}
    }
}
