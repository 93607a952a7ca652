package dev.groundplane.server.status;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A status as text for people: the facts, tables of hosts and of services that are not at their count, the problems. */
final class StatusTable {
    private static final double MEBI = 1024.0 * 1024;
    private static final double GIBI = 1024 * MEBI;

    private final StringBuilder text = new StringBuilder();

    private StatusTable() {}

    static String of(InstallationStatus status) {
        StatusTable table = new StatusTable();
        table.facts(status);
        Report report = status.report();
        if (report != null) {
            table.hosts(report.hosts());
            table.services(report.services());
        }
        for (Problem problem : status.problems()) {
            table.text.append("%nproblem        %s%n  to do        %s%n".formatted(problem.what(), problem.todo()));
        }
        return table.text.toString().stripTrailing();
    }

    private void facts(InstallationStatus status) {
        fact("health", status.health());
        fact("data", "%s, %s free".formatted(status.data(), size(status.freeBytes())));
        fact("endpoint", orNone(status.endpoint()));
        fact("account", orNone(status.account()));
        fact("region", orNone(status.region()));
        fact("control plane", status.pid() == null ? "not running" : "pid " + status.pid());
        fact("local agent", status.agentPid() == null ? "not running" : "pid " + status.agentPid());
        fact("database", size(status.databaseBytes()));
        Report report = status.report();
        if (report == null) {
            return;
        }
        fact("audit records", "%,d".formatted(report.auditRecords()));
        if (report.certificateExpires() != null) {
            fact("certificate", "until " + report.certificateExpires());
        }
        fact(
                "tasks",
                "%d running, %d pending"
                        .formatted(
                                report.hosts().stream()
                                        .mapToInt(Report.Host::runningTasks)
                                        .sum(),
                                report.hosts().stream()
                                        .mapToInt(Report.Host::pendingTasks)
                                        .sum()));
        fact(
                "services",
                "%d, %d short of tasks"
                        .formatted(
                                report.services().size(),
                                report.services().stream()
                                        .filter(service -> service.running() < service.desired())
                                        .count()));
    }

    private void hosts(List<Report.Host> hosts) {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("HOST", "CLUSTER", "TASKS", "AGENT")));
        for (Report.Host host : hosts) {
            rows.add(List.of(
                    host.name(),
                    host.cluster(),
                    Integer.toString(host.runningTasks() + host.pendingTasks()),
                    host.connected()
                            ? "connected"
                            : host.disconnectedSince() == null
                                    ? "never connected"
                                    : "disconnected since " + host.disconnectedSince()));
        }
        rows(rows);
    }

    private void services(List<Report.Service> services) {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("SERVICE", "CLUSTER", "RUNNING", "LAST EVENT")));
        services.stream()
                .filter(service -> service.running() < service.desired())
                .forEach(service -> rows.add(List.of(
                        service.name(),
                        service.cluster(),
                        service.running() + " of " + service.desired(),
                        service.lastEvent())));
        rows(rows);
    }

    /** Nothing when there is no row but the heading; the last column is as wide as it is. */
    private void rows(List<List<String>> rows) {
        if (rows.size() == 1) {
            return;
        }
        text.append(System.lineSeparator());
        for (List<String> row : rows) {
            for (int column = 0; column < row.size() - 1; column++) {
                int at = column;
                int width =
                        rows.stream().mapToInt(r -> r.get(at).length()).max().orElse(0);
                text.append(row.get(column)).repeat(' ', width - row.get(column).length() + 2);
            }
            text.append("%s%n".formatted(row.getLast()));
        }
    }

    private void fact(String name, String value) {
        text.append("%-15s%s%n".formatted(name, value));
    }

    private static String orNone(@Nullable String value) {
        return value == null ? "-" : value;
    }

    /** A number of bytes for people. */
    static String size(long bytes) {
        return bytes < GIBI
                ? String.format(Locale.ROOT, "%.1f MiB", bytes / MEBI)
                : String.format(Locale.ROOT, "%.1f GiB", bytes / GIBI);
    }
}
