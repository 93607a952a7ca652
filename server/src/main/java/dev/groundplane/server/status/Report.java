package dev.groundplane.server.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.audit.AuditScan;
import dev.groundplane.server.warehouse.WarehouseGateway;
import dev.groundplane.services.cloudtrail.CloudTrail;
import dev.groundplane.services.cloudtrail.FailingTrail;
import dev.groundplane.services.ecs.Fleet;
import dev.groundplane.services.warehouse.Warehouse;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a running control plane says of itself to whoever has the operator's token, about all accounts. Times are in ISO 8601.
 *
 * @param version the release that runs
 * @param time when this was made
 * @param hosts registered container instances, by cluster and name
 * @param services ECS services that are not deleted, by cluster and name
 * @param trails those whose last delivery was refused
 * @param closed warehouses whose ports cannot be opened
 * @param objectsProblem why the S3 that keeps the objects could not be used the last time; null when it could, or when none does
 * @param auditRecords how many were written
 * @param newestAuditRecord when; null when there is none
 * @param auditFileAhead whether the checkpoint outside of the database is of another state than the database
 * @param certificateExpires until when the certificate for TLS holds; null without TLS
 */
public record Report(
        String version,
        String time,
        List<Host> hosts,
        List<Service> services,
        List<FailingTrail> trails,
        List<Closed> closed,
        @Nullable String objectsProblem,
        long auditRecords,
        @Nullable String newestAuditRecord,
        boolean auditFileAhead,
        @Nullable String certificateExpires) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A registered container instance.
     *
     * @param disconnectedSince null while its agent is connected, or when it never was
     */
    public record Host(
            String account,
            String region,
            String cluster,
            String id,
            String name,
            boolean connected,
            @Nullable String disconnectedSince,
            int runningTasks,
            int pendingTasks) {}

    /**
     * An ECS service.
     *
     * @param since when its newest deployment was made
     */
    public record Service(
            String account,
            String region,
            String cluster,
            String name,
            int desired,
            int running,
            String since,
            String lastEvent) {}

    /**
     * A warehouse that nobody can connect to.
     *
     * @param cluster whether it is a cluster, and not a workgroup
     * @param reason why its port is not open
     */
    public record Closed(String account, String region, boolean cluster, String name, int port, String reason) {}

    /** The report as it is now. */
    public static Report of(
            String version,
            Instant now,
            Fleet fleet,
            CloudTrail trails,
            List<WarehouseGateway.Closed> closed,
            Optional<String> objectsProblem,
            AuditScan audit,
            boolean auditFileAhead,
            Optional<Instant> certificateExpires) {
        return new Report(
                version,
                now.toString(),
                fleet.hosts().stream()
                        .map(Report::host)
                        .sorted(Comparator.comparing(Host::cluster).thenComparing(Host::name))
                        .toList(),
                fleet.services().stream()
                        .map(Report::service)
                        .sorted(Comparator.comparing(Service::cluster).thenComparing(Service::name))
                        .toList(),
                trails.failing(),
                closed.stream().map(Report::closed).toList(),
                objectsProblem.orElse(null),
                audit.tip(),
                audit.newest().map(Instant::toString).orElse(null),
                auditFileAhead,
                certificateExpires.map(Instant::toString).orElse(null));
    }

    private static Host host(Fleet.Host host) {
        return new Host(
                host.scope().account(),
                host.scope().region(),
                host.cluster(),
                host.id(),
                host.name(),
                host.connected(),
                host.connected() ? null : host.away().map(Instant::toString).orElse(null),
                host.runningTasks(),
                host.pendingTasks());
    }

    private static Service service(Fleet.ServiceState service) {
        return new Service(
                service.scope().account(),
                service.scope().region(),
                service.cluster(),
                service.name(),
                service.desired(),
                service.running(),
                service.since().toString(),
                service.lastEvent());
    }

    private static Closed closed(WarehouseGateway.Closed closed) {
        Warehouse warehouse = closed.warehouse();
        return new Closed(
                warehouse.scope().account(),
                warehouse.scope().region(),
                warehouse.kind() == Warehouse.Kind.CLUSTER,
                warehouse.workgroup(),
                warehouse.port(),
                closed.reason());
    }

    /** This as JSON. */
    public byte[] encode() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always have a JSON form", e);
        }
    }

    /** @throws IOException when it is no report */
    public static Report decode(byte[] json) throws IOException {
        return JSON.readValue(json, Report.class);
    }
}
