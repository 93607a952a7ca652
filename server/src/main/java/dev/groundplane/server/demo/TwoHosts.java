package dev.groundplane.server.demo;

import dev.groundplane.platform.identity.Arns;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;

/** Runs Airflow's DAG {@code two_hosts}: one deferrable step on this host, one on the second, and a sum of both. */
final class TwoHosts implements Step {
    private static final String STREAM_PREFIX = "two-hosts";

    private final Workspace workspace;
    private final AirflowSetup airflow;
    private String summary = "";

    TwoHosts(Workspace workspace, AirflowSetup airflow) {
        this.workspace = workspace;
        this.airflow = airflow;
    }

    @Override
    public String title() {
        return "run the Airflow DAG two_hosts, a step on each host";
    }

    /** Which host computed how many steps. */
    String summary() {
        return summary;
    }

    @Override
    public void run() throws IOException, InterruptedException {
        Instant begin = Instant.now();
        workspace.run(
                "airflow-two-hosts",
                airflow.command("dags", "test", "two_hosts"),
                Map.of(
                        "AIRFLOW_VAR_RISK_DIRECTORY",
                        workspace.risk().toString(),
                        "AIRFLOW_VAR_RISK_FIRST_HOST",
                        firstHost(),
                        "AIRFLOW_VAR_RISK_SECOND_HOST",
                        SecondHost.NAME));
        summary = hosts(begin);
    }

    private String firstHost() {
        try (EcsClient ecs = workspace.connection().ecs()) {
            return ecs
                    .describeContainerInstances(b ->
                            b.containerInstances(ecs.listContainerInstances().containerInstanceArns()))
                    .containerInstances()
                    .stream()
                    .filter(ContainerInstance::agentConnected)
                    .map(TwoHosts::name)
                    .filter(name -> !name.equals(SecondHost.NAME))
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private static String name(ContainerInstance host) {
        return host.attributes().stream()
                .filter(a -> a.name().equals("groundplane.name"))
                .map(Attribute::value)
                .findFirst()
                .orElseThrow();
    }

    private String hosts(Instant since) {
        try (CloudWatchLogsClient logs = workspace.connection().logs();
                EcsClient ecs = workspace.connection().ecs()) {
            Map<String, Integer> steps = new TreeMap<>();
            List<FilteredLogEvent> results = logs
                    .filterLogEventsPaginator(b -> b.logGroupName(RiskWorkflow.LOG_GROUP)
                            .logStreamNamePrefix(STREAM_PREFIX)
                            .startTime(since.toEpochMilli())
                            .filterPattern("ten_days"))
                    .events()
                    .stream()
                    .toList();
            for (FilteredLogEvent result : results) {
                String instance = ecs.describeTasks(b -> b.tasks(Arns.lastPart(result.logStreamName())))
                        .tasks()
                        .getFirst()
                        .containerInstanceArn();
                steps.merge(
                        name(ecs.describeContainerInstances(b -> b.containerInstances(instance))
                                .containerInstances()
                                .getFirst()),
                        1,
                        Integer::sum);
            }
            return String.format(Locale.ROOT, "value at risk of two positions, steps by host %s", steps);
        }
    }
}
