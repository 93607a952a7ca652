package dev.groundplane.server.status;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with a control plane that answers. Decides from its report and the time alone. */
final class Diagnosis {
    /** After a restart of the control plane, agents are back within seconds. */
    private static final Duration RECONNECTING = Duration.ofSeconds(15);
    /** A deployment takes its time. */
    private static final Duration DEPLOYING = Duration.ofMinutes(1);

    private static final Duration RENEWAL = Duration.ofDays(14);
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    private final Instant now;
    private final String data;
    private final List<Problem> problems = new ArrayList<>();

    private Diagnosis(Instant now, String data) {
        this.now = now;
        this.data = data;
    }

    /** @param data the data directory, for commands that a person is to type */
    static List<Problem> of(Report report, Instant now, String data) {
        Diagnosis diagnosis = new Diagnosis(now, data);
        if (report.hosts().isEmpty()) {
            diagnosis.add("no host has registered", "see logs/agent.log in the data directory");
        }
        report.hosts().forEach(diagnosis::host);
        report.services().forEach(diagnosis::service);
        report.trails()
                .forEach(
                        trail -> diagnosis.add(
                                "%s cannot deliver to the bucket %s: %s"
                                        .formatted(trail.arn(), trail.bucket(), trail.error()),
                                "let cloudtrail.amazonaws.com write there (docs/audit.md, Trails); what is not delivered is kept"));
        report.closed().forEach(diagnosis::closed);
        diagnosis.objects(report.objectsProblem());
        diagnosis.audit(report);
        diagnosis.certificate(report.certificateExpires());
        return diagnosis.problems;
    }

    private void add(String what, String todo) {
        problems.add(new Problem(what, todo));
    }

    private boolean isRecent(@Nullable String time, Duration patience) {
        return time != null && Instant.parse(time).plus(patience).isAfter(now);
    }

    private void host(Report.Host host) {
        if (host.connected() || isRecent(host.disconnectedSince(), RECONNECTING)) {
            return;
        }
        String since = host.disconnectedSince();
        add(
                "the agent of host %s (cluster %s) %s"
                        .formatted(
                                host.name(),
                                host.cluster(),
                                since == null ? "has never connected" : "is disconnected since " + since),
                "look whether the host is up, reaches this machine, and runs 'groundplane agent'; its tasks go on meanwhile. If"
                        + " it is gone for good: aws ecs deregister-container-instance --force --region %s --cluster %s --container-instance %s"
                                .formatted(host.region(), host.cluster(), host.id()));
    }

    private void service(Report.Service service) {
        if (service.running() >= service.desired() || isRecent(service.since(), DEPLOYING)) {
            return;
        }
        add(
                "service %s (cluster %s) runs %d of %d tasks%s"
                        .formatted(
                                service.name(),
                                service.cluster(),
                                service.running(),
                                service.desired(),
                                service.lastEvent().isEmpty() ? "" : ": " + service.lastEvent()),
                "aws ecs describe-services --region %s --cluster %s --services %s shows all its events"
                        .formatted(service.region(), service.cluster(), service.name()));
    }

    private void closed(Report.Closed closed) {
        String away = closed.cluster()
                ? "give the cluster another port: aws redshift modify-cluster --region %s --cluster-identifier %s --port N"
                : "make the workgroup anew, whose namespace keeps the data: aws redshift-serverless delete-workgroup"
                        + " --region %s --workgroup-name %s, and create-workgroup";
        add(
                "%s %s cannot listen on port %d: %s"
                        .formatted(
                                closed.cluster() ? "cluster" : "workgroup",
                                closed.name(),
                                closed.port(),
                                closed.reason()),
                "end the program that has the port (ss -ltnp sport = :%d); it is tried again by itself. Or %s"
                        .formatted(closed.port(), away.formatted(closed.region(), closed.name())));
    }

    private void objects(@Nullable String problem) {
        if (problem != null) {
            add(
                    "objects could not be reached: " + problem,
                    "look whether that S3 is up, and whether the file of --s3-credentials has what it takes (docs/s3.md, An S3 of"
                            + " your own); it is tried again with the next call");
        }
    }

    private void audit(Report report) {
        if (report.auditFileAhead()) {
            add(
                    "the file audit-checkpoint is of another or a later state than the database, which may be an older copy",
                    "./groundplane audit verify --data %s tells; after restoring a backup on purpose, delete the file"
                            .formatted(data));
        }
        String newest = report.newestAuditRecord();
        if (newest != null && Instant.parse(newest).minus(CLOCK_TOLERANCE).isAfter(now)) {
            add(
                    "this machine's clock was set back: it says %s, and the newest audit record is of %s"
                            .formatted(now, newest),
                    "set the clock (timedatectl, chronyc tracking): signatures of clients more than 5 minutes off are refused");
        }
    }

    private void certificate(@Nullable String expires) {
        if (expires == null || Instant.parse(expires).minus(RENEWAL).isAfter(now)) {
            return;
        }
        add(
                "the certificate for TLS %s on %s"
                        .formatted(Instant.parse(expires).isAfter(now) ? "expires" : "expired", expires),
                "renew the files of --tls-certificate and --tls-key; they are taken into use without a restart");
    }
}
