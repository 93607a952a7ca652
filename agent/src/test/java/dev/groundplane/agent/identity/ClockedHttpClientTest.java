package dev.groundplane.agent.identity;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

class ClockedHttpClientTest {
    @Test
    void whateverTheClientThrowsAControlPlaneThatIsAwayIsAnIoException() {
        var refused = new ConnectException("Connection refused");
        var client = new ClockedHttpClient(new Refused(refused), new ControlPlaneClock(Clock.systemUTC()));

        assertThatThrownBy(
                        () -> client.prepareRequest(HttpExecuteRequest.builder().build())
                                .call())
                .isSameAs(refused);
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
