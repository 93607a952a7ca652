package dev.groundplane.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.services.cloudtrail.FailingTrail;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is wrong, and what a person is told to do. */
class DiagnosisTest {
    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");
    private static final Report.Host WELL = host(true, null);

    private static Report.Host host(boolean connected, @Nullable String since) {
        return new Report.Host("123456789012", "eu-west-1", "floor", "0af1", "rack-7", connected, since, 3, 1);
    }

    private static Report.Service service(int running, String since) {
        return new Report.Service(
                "123456789012",
                "eu-west-1",
                "floor",
                "web",
                2,
                running,
                since,
                "(service web) was unable to place a task.");
    }

    private static Report report(List<Report.Host> hosts, List<Report.Service> services) {
        return report(hosts, services, List.of());
    }

    private static Report report(List<Report.Host> hosts, List<Report.Service> services, List<Report.Closed> closed) {
        return new Report(
                "1", NOW.toString(), hosts, services, List.of(), closed, null, 7, "2026-01-15T11:59:59Z", false, null);
    }

    private static List<Problem> problems(Report report) {
        return Diagnosis.of(report, NOW, "/data");
    }

    private static Problem only(Report report) {
        assertThat(problems(report)).hasSize(1);
        return problems(report).getFirst();
    }

    @Test
    void nothingIsWrongWhenAllIsWell() {
        assertThat(problems(report(List.of(WELL), List.of(service(2, "2026-01-01T00:00:00Z")))))
                .isEmpty();
    }

    @Test
    void aHostThatIsAwayIsNamedWithWhatEndsIt() {
        Problem problem = only(report(List.of(WELL, host(false, "2026-01-15T11:00:00Z")), List.of()));

        assertThat(problem.what())
                .isEqualTo("the agent of host rack-7 (cluster floor) is disconnected since 2026-01-15T11:00:00Z");
        assertThat(problem.todo())
                .contains(
                        "aws ecs deregister-container-instance --force --region eu-west-1 --cluster floor --container-instance 0af1");
    }

    @Test
    void aHostThatReconnectsIsGivenAMoment() {
        assertThat(problems(report(List.of(host(false, "2026-01-15T11:59:50Z")), List.of())))
                .isEmpty();
        assertThat(only(report(List.of(host(false, null)), List.of())).what()).contains("has never connected");
        assertThat(only(report(List.of(), List.of())).what()).isEqualTo("no host has registered");
    }

    @Test
    void aServiceShortOfTasksSaysWhy() {
        Problem problem = only(report(List.of(WELL), List.of(service(1, "2026-01-15T11:00:00Z"))));

        assertThat(problem.what())
                .isEqualTo("service web (cluster floor) runs 1 of 2 tasks: (service web) was unable to place a task.");
        assertThat(problem.todo()).contains("--region eu-west-1 --cluster floor --services web");
        assertThat(problems(report(List.of(WELL), List.of(service(0, "2026-01-15T11:59:30Z")))))
                .as("it is being deployed")
                .isEmpty();
    }

    @Test
    void aWarehouseThatCannotListenIsNamedWithWaysOut() {
        assertThat(problems(report(
                        List.of(WELL),
                        List.of(),
                        List.of(
                                new Report.Closed(
                                        "123456789012", "eu-west-1", true, "desk", 5440, "Address already in use"),
                                new Report.Closed(
                                        "123456789012", "eu-west-1", false, "risk", 5439, "Address already in use")))))
                .satisfiesExactly(
                        cluster -> {
                            assertThat(cluster.what())
                                    .isEqualTo("cluster desk cannot listen on port 5440: Address already in use");
                            assertThat(cluster.todo())
                                    .contains(
                                            "ss -ltnp sport = :5440",
                                            "modify-cluster --region eu-west-1 --cluster-identifier desk --port");
                        },
                        workgroup -> {
                            assertThat(workgroup.what())
                                    .isEqualTo("workgroup risk cannot listen on port 5439: Address already in use");
                            assertThat(workgroup.todo())
                                    .contains("delete-workgroup --region eu-west-1 --workgroup-name risk");
                        });
    }

    @Test
    void theAuditTrailItsTrailsAndTheCertificateAreLookedAt() {
        Report report = new Report(
                "1",
                NOW.toString(),
                List.of(WELL),
                List.of(),
                List.of(new FailingTrail("arn:trail", "audit", "AccessDenied")),
                List.of(),
                "The S3 at https://s3.example.org does not answer",
                7,
                "2026-01-15T12:10:00Z",
                true,
                "2026-01-20T00:00:00Z");

        assertThat(problems(report))
                .extracting(Problem::what)
                .satisfiesExactly(
                        what -> assertThat(what)
                                .isEqualTo("arn:trail cannot deliver to the bucket audit: AccessDenied"),
                        what -> assertThat(what).contains("objects", "https://s3.example.org"),
                        what -> assertThat(what).contains("audit-checkpoint"),
                        what -> assertThat(what).contains("clock was set back", "2026-01-15T12:10:00Z"),
                        what -> assertThat(what).isEqualTo("the certificate for TLS expires on 2026-01-20T00:00:00Z"));
        assertThat(problems(report))
                .extracting(Problem::todo)
                .allSatisfy(todo -> assertThat(todo).isNotBlank());
    }

    @Test
    void theCommandReadsWhatTheControlPlaneWrote() throws IOException {
        Report report = report(List.of(WELL, host(false, null)), List.of(service(1, "2026-01-15T11:00:00Z")));

        assertThat(Report.decode(report.encode())).isEqualTo(report);
    }

    @Test
    void theTableHasARowForEachHostAndForServicesThatAreShort() {
        Report report = report(
                List.of(WELL, host(false, "2026-01-15T11:00:00Z")),
                List.of(service(1, "2026-01-15T11:00:00Z"), service(2, "2026-01-15T11:00:00Z")));
        String table = new InstallationStatus(
                        "degraded",
                        "/data",
                        1L,
                        2L,
                        "http://x",
                        "1",
                        "r",
                        5_000_000,
                        3_000_000_000L,
                        report,
                        problems(report))
                .table();

        assertThat(table.lines())
                .contains(
                        "health         degraded",
                        "data           /data, 2.8 GiB free",
                        "database       4.8 MiB",
                        "tasks          6 running, 2 pending",
                        "services       2, 1 short of tasks",
                        "HOST    CLUSTER  TASKS  AGENT",
                        "rack-7  floor    4      connected",
                        "rack-7  floor    4      disconnected since 2026-01-15T11:00:00Z",
                        "SERVICE  CLUSTER  RUNNING  LAST EVENT",
                        "web      floor    1 of 2   (service web) was unable to place a task.");
        assertThat(table).contains("problem        the agent of host rack-7").contains("  to do        look whether");
    }
}
