package dev.groundplane.server.metrics;

import dev.groundplane.platform.audit.AuditScan;
import dev.groundplane.platform.store.Database;
import dev.groundplane.services.cloudtrail.CloudTrail;
import dev.groundplane.services.ecs.Ecs;
import dev.groundplane.services.ecs.Fleet;
import dev.groundplane.services.integration.IntegrationClaims;
import dev.groundplane.services.logs.Logs;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * All metrics of a control plane. Calls and commits are counted as they happen; what the store knows anyhow is read when
 * somebody asks. Thread-safe.
 */
public final class Metrics {
    /** The media type of {@link #text}. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final CallMetrics calls = new CallMetrics(registry);
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    private final Gauge hosts =
            gauge("groundplane_agents", "state", "Registered hosts, by whether their agent is connected.");
    private final Gauge tasks = gauge("groundplane_tasks", "status", "Tasks; STOPPED ones are remembered for an hour.");
    private final Gauge services = gauge(
            "groundplane_services", "state", "ECS services; SHORT ones have fewer tasks running than are wanted.");
    private final Gauge integrations = gauge("groundplane_integrations", "status", "Zero-ETL integrations.");
    private final Ecs ecs;
    private final IntegrationClaims claims;
    private boolean jvmRegistered;

    /** @param version the release that runs */
    public Metrics(String version, Database database, Ecs ecs, Logs logs, CloudTrail trails, IntegrationClaims claims) {
        this.ecs = ecs;
        this.claims = claims;
        Info.builder()
                .name("groundplane_build_info")
                .help("The release that runs.")
                .labelNames("version")
                .register(registry)
                .addLabelValues(version);
        observe(database);
        AuditScan audit = new AuditScan(database);
        CounterWithCallback.builder()
                .name("groundplane_audit_records_total")
                .help("Audit records written since the installation was made: the last one's sequence number.")
                .callback(counter -> counter.call((double) audit.tip()))
                .register(registry);
        CounterWithCallback.builder()
                .name("groundplane_log_events_total")
                .help("Log events that were stored.")
                .callback(counter -> counter.call((double) logs.accepted()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("groundplane_trails_failing")
                .help("CloudTrail trails whose last delivery was refused.")
                .callback(gauge -> gauge.call(trails.failing().size()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("groundplane_integration_lag_seconds")
                .help(
                        "From a transaction's commit at the source to its being in the warehouse: the most of the last ones.")
                .callback(gauge -> gauge.call(claims.lags().stream()
                        .mapToDouble(lag -> lag.toNanos() / 1e9)
                        .max()
                        .orElse(0)))
                .register(registry);
    }

    private void observe(Database database) {
        Histogram commits = Histogram.builder()
                .name("groundplane_store_commit_duration_seconds")
                .help("How long groups of transactions took to become durable.")
                .classicOnly()
                .classicUpperBounds(0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
                .withoutExemplars()
                .register(registry);
        Counter transactions = Counter.builder()
                .name("groundplane_store_transactions_total")
                .help("Transactions in those groups.")
                .withoutExemplars()
                .register(registry);
        database.observe((works, nanos) -> {
            commits.observe(nanos / 1e9);
            transactions.inc(works);
        });
        GaugeWithCallback.builder()
                .name("groundplane_store_queue_length")
                .help("Transactions that wait for the writer.")
                .callback(gauge -> gauge.call(database.waiting()))
                .register(registry);
    }

    private Gauge gauge(String name, String label, String help) {
        return Gauge.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .withoutExemplars()
                .register(registry);
    }

    /** What the front door counts. */
    public CallMetrics calls() {
        return calls;
    }

    /** Everything as it is now. Reads all hosts and services, so it is for every few seconds. */
    public synchronized byte[] text() {
        if (!jvmRegistered) { // with the first question: their beans would delay every start
            JvmMemoryMetrics.builder().register(registry);
            JvmGarbageCollectorMetrics.builder().register(registry);
            JvmThreadsMetrics.builder().register(registry);
            ProcessMetrics.builder().register(registry);
            jvmRegistered = true;
        }
        refresh(ecs.fleet());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private void refresh(Fleet fleet) {
        long connected = fleet.hosts().stream().filter(Fleet.Host::connected).count();
        set(hosts, "connected", connected);
        set(hosts, "disconnected", fleet.hosts().size() - connected);
        set(
                tasks,
                "PENDING",
                fleet.hosts().stream().mapToLong(Fleet.Host::pendingTasks).sum());
        set(
                tasks,
                "RUNNING",
                fleet.hosts().stream().mapToLong(Fleet.Host::runningTasks).sum());
        set(tasks, "STOPPED", fleet.stoppedTasks());
        long shorts =
                fleet.services().stream().filter(Fleet.ServiceState::isShort).count();
        set(services, "STEADY", fleet.services().size() - shorts);
        set(services, "SHORT", shorts);
        integrations.clear();
        claims.statuses().forEach((status, count) -> set(integrations, status, count));
    }

    private static void set(Gauge gauge, String label, long value) {
        gauge.labelValues(label).set((double) value);
    }
}
