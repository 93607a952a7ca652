package dev.groundplane.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

class ClockedHttpClientTest {
    @Test
    void whateverTheClientThrowsAControlPlaneThatIsAwayIsAnIoException() {
        var refused = new ConnectException("Connection refused");
        var endpoints = new Endpoints(List.of(URI.create("http://one:4566"), URI.create("http://two:4566")));
        var client = new ClockedHttpClient(new Refused(refused), new ControlPlaneClock(Clock.systemUTC()), endpoints);
        var request = HttpExecuteRequest.builder()
                .request(SdkHttpRequest.builder()
                        .method(SdkHttpMethod.POST)
                        .uri(URI.create("http://one:4566/"))
                        .build())
                .build();

        assertThatThrownBy(() -> client.prepareRequest(request).call()).isSameAs(refused);
        assertThat(endpoints.current()).isEqualTo(URI.create("http://two:4566"));
    }

    /** As the SDK's client for {@code HttpURLConnection} fails now and then. */
    private record Refused(ConnectException reason) implements SdkHttpClient {
        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() {
                    throw new UncheckedIOException(reason);
                }

                @Override
                public void abort() {}
            };
        }

        @Override
        public void close() {}
    }
}
