package dev.groundplane.wire.sigv4;

import dev.groundplane.wire.WireRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Requests signed by the SDK's own signer. */
final class Signed {
    static final String KEY_ID = "AKIAIOSFODNN7EXAMPLE";
    static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    private final SdkHttpFullRequest.Builder http;
    private final byte[] body;
    private final Instant at;
    private Duration validity = Duration.ZERO;
    private boolean payloadSigned = true;
    private String service = "ecs";

    private Signed(SdkHttpFullRequest.Builder http, byte[] body, Instant at) {
        this.http = http;
        this.body = body;
        this.at = at;
    }

    static Signed post(String path, String query, String body, Instant at) {
        URI uri = URI.create("https://ecs.example.com:8443" + path + (query.isEmpty() ? "" : "?" + query));
        return new Signed(
                SdkHttpFullRequest.builder().method(SdkHttpMethod.POST).uri(uri),
                body.getBytes(StandardCharsets.UTF_8),
                at);
    }

    Signed header(String name, String value) {
        http.appendHeader(name, value);
        return this;
    }

    Signed presigned(Duration howLong) {
        validity = howLong;
        return this;
    }

    Signed unsignedPayload() {
        payloadSigned = false;
        return this;
    }

    Signed s3() {
        service = "s3";
        return this;
    }

    WireRequest request() {
        boolean isS3 = service.equals("s3");
        SignedRequest signed = AwsV4HttpSigner.create().sign(r -> {
            r.identity(AwsCredentialsIdentity.create(KEY_ID, SECRET))
                    .request(http.build())
                    .payload(ContentStreamProvider.fromByteArray(body))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                    .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, payloadSigned)
                    .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, !isS3)
                    .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, !isS3)
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(at, ZoneOffset.UTC));
            if (!validity.isZero()) {
                r.putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, validity);
            }
        });
        return wire(signed.request(), body);
    }

    private static WireRequest wire(SdkHttpRequest http, byte[] body) {
        Map<String, List<String>> headers = new HashMap<>();
        http.forEachHeader((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), new ArrayList<>(values)));
        return new WireRequest(
                http.method().name(),
                http.encodedPath(),
                http.encodedQueryParameters().orElse(""),
                headers,
                body);
    }
}
