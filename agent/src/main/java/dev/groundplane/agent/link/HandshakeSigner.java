package dev.groundplane.agent.link;

import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/** Signs the request that opens a WebSocket, with Signature Version 4 and an empty body. Thread safe. */
final class HandshakeSigner {
    private static final String SERVICE = "ecs";

    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final AwsCredentialsProvider credentials;
    private final String region;
    private final Clock clock;

    HandshakeSigner(AwsCredentialsProvider credentials, String region, Clock clock) {
        this.credentials = credentials;
        this.region = region;
        this.clock = clock;
    }

    /** The headers to send besides Host, which the client sends itself. The URI has the scheme http or https. */
    Map<String, String> sign(URI uri) {
        var request =
                SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(uri).build();
        var signed = signer.sign(signing -> signing.identity(credentials.resolveCredentials())
                        .request(request)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock))
                .request();
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        signed.forEachHeader((name, values) -> headers.put(name, String.join(",", values)));
        headers.remove("Host");
        return headers;
    }
}
