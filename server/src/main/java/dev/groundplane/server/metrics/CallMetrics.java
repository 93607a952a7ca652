package dev.groundplane.server.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;

/**
 * Calls that were answered. Labels have few values: callers pass operations that are implemented and {@link #OTHER} for all
 * else, whatever a client made up. Thread-safe, and quick enough for every call.
 */
public final class CallMetrics {
    /** The service or operation of what is neither known nor implemented. */
    public static final String OTHER = "other";
    /** The code of calls that succeeded. */
    public static final String OK = "OK";

    private static final double[] SECONDS = {
        0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
    };

    private final Counter calls;
    private final Histogram durations;
    private final Counter content;

    /** @param registry what they are shown by */
    public CallMetrics(PrometheusRegistry registry) {
        calls = Counter.builder()
                .name("groundplane_calls_total")
                .help("API calls that were answered, by error code; OK for success.")
                .labelNames("service", "operation", "code")
                .withoutExemplars()
                .register(registry);
        durations = Histogram.builder()
                .name("groundplane_call_duration_seconds")
                .help("From the request's head to the response's; content that streams out follows after that.")
                .labelNames("service", "operation")
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .withoutExemplars()
                .register(registry);
        content = Counter.builder()
                .name("groundplane_content_bytes_total")
                .help("Content of objects that came in or went out.")
                .labelNames("service", "direction")
                .withoutExemplars()
                .register(registry);
    }

    /**
     * A call was answered.
     *
     * @param service for example {@code ecs}
     * @param operation for example {@code RunTask}
     * @param code {@link #OK} or an error code
     */
    public void answered(String service, String operation, String code, Duration took) {
        calls.labelValues(service, operation, code).inc();
        durations.labelValues(service, operation).observe(took.toNanos() / 1e9);
    }

    /** Content was received. */
    public void received(String service, long bytes) {
        content.labelValues(service, "in").inc(bytes);
    }

    /** Content was sent. */
    public void sent(String service, long bytes) {
        content.labelValues(service, "out").inc(bytes);
    }
}
