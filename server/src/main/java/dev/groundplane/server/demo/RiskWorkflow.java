package dev.groundplane.server.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.identity.Arns;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Task;

/** Runs Airflow's DAG {@code bank_risk}, whose work runs as a task on this host, and reads its result from the logs. */
final class RiskWorkflow implements Step {
    static final String LOG_GROUP = "/bank/risk";

    /**
     * What came out.
     *
     * @param summary the risk figures
     * @param task where it ran and how it ended
     */
    record Finding(String summary, String task) {}

    private final Workspace workspace;
    private final AirflowSetup airflow;
    private @Nullable Finding finding;

    RiskWorkflow(Workspace workspace, AirflowSetup airflow) {
        this.workspace = workspace;
        this.airflow = airflow;
    }

    @Override
    public String title() {
        return "run the Airflow DAG bank_risk, its work as a task on this host";
    }

    @Override
    public void run() throws IOException, InterruptedException {
        Instant begin = Instant.now();
        workspace.run(
                "airflow",
                airflow.command("dags", "test", "bank_risk"),
                Map.of("AIRFLOW_VAR_RISK_DIRECTORY", workspace.risk().toString()));
        finding = read(begin);
    }

    Finding finding() {
        if (finding == null) {
            throw new IllegalStateException("the workflow has not run");
        }
        return finding;
    }

    private Finding read(Instant since) throws IOException {
        try (CloudWatchLogsClient logs = workspace.connection().logs();
                EcsClient ecs = workspace.connection().ecs()) {
            List<FilteredLogEvent> results = logs
                    .filterLogEventsPaginator(b -> b.logGroupName(LOG_GROUP)
                            .startTime(since.toEpochMilli())
                            .filterPattern("limit_breached"))
                    .events()
                    .stream()
                    .toList();
            if (results.isEmpty()) {
                throw new GroundplaneException(
                        ErrorKind.INTERNAL_ERROR,
                        "Airflow says the task succeeded, but its result is not in log group " + LOG_GROUP);
            }
            FilteredLogEvent result = results.getLast();
            JsonNode risk = new ObjectMapper().readTree(result.message());
            Task task = ecs.describeTasks(b -> b.tasks(Arns.lastPart(result.logStreamName())))
                    .tasks()
                    .getFirst();
            return new Finding(figures(risk), where(task));
        }
    }

    private static String figures(JsonNode risk) {
        boolean breached = risk.path("limit_breached").asBoolean();
        return String.format(
                Locale.ROOT,
                "10-day 99%% value at risk %,.0f on a position of %,.0f; limit %,.0f %s",
                risk.path("ten_days").path("value_at_risk").asDouble(),
                risk.path("notional").asDouble(),
                risk.path("limit").asDouble(),
                breached ? "BREACHED" : "kept");
    }

    private static String where(Task task) {
        return "task %s on container instance %s, exit code %d"
                .formatted(
                        Arns.lastPart(task.taskArn()),
                        Arns.lastPart(task.containerInstanceArn()),
                        task.containers().getFirst().exitCode());
    }
}
