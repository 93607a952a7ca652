package dev.groundplane.agent.identity;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

class ClockedHttpClientTest {
    /** Breaks as the SDK's client does when the other end goes away while a body is sent. */
    private static final class BreakingClient implements SdkHttpClient {
        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() {
                    throw new UncheckedIOException(new ConnectException("Connection refused"));
                }

                @Override
                public void abort() {}
            };
        }

        @Override
        public void close() {}
    }

    @Test
    void aBrokenConnectionIsAnIoExceptionWhoeverNoticesIt() {
        try (var client = new ClockedHttpClient(new BreakingClient(), new ControlPlaneClock(Clock.systemUTC()))) {
            var request = client.prepareRequest(
                    HttpExecuteRequest.builder().request(null).build());
            assertThatThrownBy(request::call)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Connection refused");
        }
    }
}
