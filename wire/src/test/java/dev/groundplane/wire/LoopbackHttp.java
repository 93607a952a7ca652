package dev.groundplane.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;

/** An SDK HTTP client that hands each request to a function in the same process. */
final class LoopbackHttp implements SdkHttpClient {
    private final Function<WireRequest, WireResponse> server;

    LoopbackHttp(Function<WireRequest, WireResponse> server) {
        this.server = server;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest execute) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                WireResponse response = server.apply(request(execute));
                SdkHttpFullResponse.Builder http = SdkHttpFullResponse.builder().statusCode(response.status());
                response.headers().forEach(http::putHeader);
                return HttpExecuteResponse.builder()
                        .response(http.build())
                        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(response.body())))
                        .build();
            }

            @Override
            public void abort() {}
        };
    }

    static WireRequest request(HttpExecuteRequest execute) throws IOException {
        SdkHttpRequest http = execute.httpRequest();
        Map<String, List<String>> headers = new TreeMap<>();
        http.forEachHeader((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), new ArrayList<>(values)));
        byte[] body = new byte[0];
        ContentStreamProvider content = execute.contentStreamProvider().orElse(null);
        if (content != null) {
            try (InputStream in = content.newStream()) {
                body = in.readAllBytes();
            }
        }
        return new WireRequest(
                http.method().name(),
                http.encodedPath(),
                http.encodedQueryParameters().orElse(""),
                headers,
                body);
    }

    @Override
    public void close() {}
}
