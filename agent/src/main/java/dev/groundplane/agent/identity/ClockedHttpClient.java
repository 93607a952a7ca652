package dev.groundplane.agent.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * An HTTP client that reads the control plane's time off every answer, and turns to another control plane when there is none,
 * which it says by an {@link IOException} alone. Thread safe; closes what it was given.
 */
public final class ClockedHttpClient implements SdkHttpClient {
    /** For example, a control plane whose database is away. */
    private static final int UNAVAILABLE = 503;

    private final SdkHttpClient client;
    private final ControlPlaneClock clock;
    private final Endpoints endpoints;

    /** @param client makes the calls */
    public ClockedHttpClient(SdkHttpClient client, ControlPlaneClock clock, Endpoints endpoints) {
        this.client = client;
        this.clock = clock;
        this.endpoints = endpoints;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        var prepared = client.prepareRequest(request);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                var called = request.httpRequest().getUri();
                try {
                    var response = prepared.call();
                    response.httpResponse().firstMatchingHeader("Date").ifPresent(clock::learn);
                    if (response.httpResponse().statusCode() == UNAVAILABLE) {
                        endpoints.failed(called);
                    }
                    return response;
                } catch (UncheckedIOException e) {
                    endpoints.failed(called);
                    // The SDK's client throws one where it opens a stream to send a body, and SDK clients let it pass.
                    throw e.getCause();
                } catch (IOException e) {
                    endpoints.failed(called);
                    throw e;
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
