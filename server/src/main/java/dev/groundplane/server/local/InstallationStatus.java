package dev.groundplane.server.local;

import dev.groundplane.platform.GroundplaneException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Cluster;

/**
 * What an installation looks like from outside. Its JSON form is what scripts read.
 *
 * @param health {@code ok}, {@code degraded} or {@code down}
 * @param data the data directory
 * @param pid the control plane's; null when it is not running
 * @param agentPid the local agent's; null when it is not running
 * @param endpoint base URL; null when nothing was ever started
 * @param account twelve digits; null like {@code endpoint}
 * @param region AWS region name; null like {@code endpoint}
 * @param hosts container instances that are ACTIVE, in all clusters
 * @param runningTasks tasks that run, in all clusters
 * @param pendingTasks tasks that are to start, in all clusters
 * @param problems what is wrong; empty when all is well
 */
public record InstallationStatus(
        String health,
        String data,
        @Nullable Long pid,
        @Nullable Long agentPid,
        @Nullable String endpoint,
        @Nullable String account,
        @Nullable String region,
        int hosts,
        int runningTasks,
        int pendingTasks,
        List<Problem> problems) {

    /**
     * Something that a person should attend to.
     *
     * @param what what is wrong
     * @param todo what to do about it
     */
    public record Problem(String what, String todo) {}

    private record Counts(int hosts, int running, int pending) {}

    /** Looks at processes and asks the control plane. */
    public static InstallationStatus of(DataDirectory data) {
        List<Problem> problems = new ArrayList<>();
        Connection connection = null;
        try {
            connection = Connection.of(data);
        } catch (GroundplaneException e) {
            problems.add(new Problem(String.valueOf(e.getMessage()), "./groundplane up"));
        }
        Optional<Long> pid = RunningProcess.controlPlane(data).map(ProcessHandle::pid);
        Optional<Long> agentPid = RunningProcess.agent(data).map(ProcessHandle::pid);
        Counts counts = new Counts(0, 0, 0);
        if (connection != null && pid.isEmpty()) {
            problems.add(new Problem("the control plane is not running", "./groundplane up --data " + data.root()));
        } else if (connection != null) {
            counts = counts(connection, problems);
        }
        if (connection != null && agentPid.isEmpty()) {
            problems.add(new Problem(
                    "the local agent is not running",
                    pid.isEmpty()
                            ? "./groundplane up starts it"
                            : "the control plane starts it again; see " + data.agentLog()));
        }
        String health = problems.isEmpty() ? "ok" : pid.isEmpty() ? "down" : "degraded";
        return new InstallationStatus(
                health,
                data.root().toString(),
                pid.orElse(null),
                agentPid.orElse(null),
                connection == null ? null : connection.endpoint(),
                connection == null ? null : connection.account(),
                connection == null ? null : connection.region(),
                counts.hosts(),
                counts.running(),
                counts.pending(),
                problems);
    }

    private static Counts counts(Connection connection, List<Problem> problems) {
        try (EcsClient ecs = connection.ecs()) {
            List<String> arns =
                    ecs.listClustersPaginator(b -> {}).clusterArns().stream().toList();
            if (arns.isEmpty()) {
                problems.add(new Problem("no host has registered", "see logs/agent.log in the data directory"));
                return new Counts(0, 0, 0);
            }
            List<Cluster> clusters = ecs.describeClusters(b -> b.clusters(arns)).clusters();
            return new Counts(
                    clusters.stream()
                            .mapToInt(Cluster::registeredContainerInstancesCount)
                            .sum(),
                    clusters.stream().mapToInt(Cluster::runningTasksCount).sum(),
                    clusters.stream().mapToInt(Cluster::pendingTasksCount).sum());
        } catch (SdkException e) {
            problems.add(new Problem(
                    "%s does not answer: %s".formatted(connection.endpoint(), e.getMessage()),
                    "see logs/control-plane.log in the data directory"));
            return new Counts(0, 0, 0);
        }
    }

    /** The status as a table for people. */
    public String table() {
        StringBuilder table = new StringBuilder();
        line(table, "health", health);
        line(table, "data", data);
        line(table, "endpoint", endpoint == null ? "-" : endpoint);
        line(table, "account", account == null ? "-" : account);
        line(table, "region", region == null ? "-" : region);
        line(table, "control plane", pid == null ? "not running" : "pid " + pid);
        line(table, "local agent", agentPid == null ? "not running" : "pid " + agentPid);
        line(table, "hosts", Integer.toString(hosts));
        line(table, "tasks", runningTasks + " running, " + pendingTasks + " pending");
        for (Problem problem : problems) {
            table.append("%nproblem        %s%n  to do         %s%n".formatted(problem.what(), problem.todo()));
        }
        return table.toString().stripTrailing();
    }

    private static void line(StringBuilder table, String name, String value) {
        table.append("%-15s %s%n".formatted(name, value));
    }
}
