package dev.groundplane.agent.identity;

import java.io.IOException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/** An HTTP client that reads the control plane's time off every answer. Thread safe; closes what it was given. */
public final class ClockedHttpClient implements SdkHttpClient {
    private final SdkHttpClient client;
    private final ControlPlaneClock clock;

    /** @param client makes the calls */
    public ClockedHttpClient(SdkHttpClient client, ControlPlaneClock clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        var prepared = client.prepareRequest(request);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                var response = prepared.call();
                response.httpResponse().firstMatchingHeader("Date").ifPresent(clock::learn);
                return response;
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }
}
