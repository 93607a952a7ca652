package dev.groundplane.agent.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * An HTTP client that reads the control plane's time off every answer, and says that there is none by an {@link IOException}
 * alone. Thread safe; closes what it was given.
 */
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
                try {
                    var response = prepared.call();
                    response.httpResponse().firstMatchingHeader("Date").ifPresent(clock::learn);
                    return response;
                } catch (UncheckedIOException e) {
                    // The SDK's client throws one where it opens a stream to send a body, and SDK clients let it pass.
                    throw e.getCause();
                }
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
