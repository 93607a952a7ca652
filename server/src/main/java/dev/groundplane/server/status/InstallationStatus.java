package dev.groundplane.server.status;

import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.local.Connection;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.local.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an installation looks like to a person. Its JSON form is what scripts read.
 *
 * @param health {@code ok}, {@code degraded} or {@code down}
 * @param data the data directory
 * @param pid the control plane's; null when it is not running
 * @param agentPid the local agent's; null when it is not running
 * @param endpoint base URL; null when nothing was ever started
 * @param account twelve digits; null like {@code endpoint}
 * @param region AWS region name; null like {@code endpoint}
 * @param databaseBytes what the database takes in the data directory
 * @param freeBytes what is free on the data directory's disk
 * @param report what the control plane says; null when it does not answer
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
        long databaseBytes,
        long freeBytes,
        @Nullable Report report,
        List<Problem> problems) {
    private static final long LOW_BYTES = 1024L * 1024 * 1024;

    /** Looks at processes and files, and asks the control plane. */
    public static InstallationStatus of(DataDirectory data, Instant now) {
        List<Problem> problems = new ArrayList<>();
        Connection connection = null;
        try {
            connection = Connection.of(data);
        } catch (GroundplaneException e) {
            problems.add(new Problem(String.valueOf(e.getMessage()), "./groundplane up"));
        }
        Optional<Long> pid = RunningProcess.controlPlane(data).map(ProcessHandle::pid);
        Optional<Long> agentPid = RunningProcess.agent(data).map(ProcessHandle::pid);
        Report report = null;
        if (connection != null && pid.isEmpty()) {
            problems.add(new Problem("the control plane is not running", "./groundplane up --data " + data.root()));
        } else if (connection != null) {
            report = ask(data, connection, problems);
        }
        if (connection != null && agentPid.isEmpty()) {
            problems.add(new Problem(
                    "the local agent is not running",
                    pid.isEmpty()
                            ? "./groundplane up starts it"
                            : "the control plane starts it again; see " + data.agentLog()));
        }
        if (report != null) {
            problems.addAll(Diagnosis.of(report, now, data.root().toString()));
        }
        long free = free(data.root());
        if (connection != null && free < LOW_BYTES) {
            problems.add(new Problem(
                    "the disk of %s has only %s left".formatted(data.root(), StatusTable.size(free)),
                    "free some of it: without, calls that store something are answered with 503 ServiceUnavailable"));
        }
        return new InstallationStatus(
                problems.isEmpty() ? "ok" : pid.isEmpty() ? "down" : "degraded",
                data.root().toString(),
                pid.orElse(null),
                agentPid.orElse(null),
                connection == null ? null : connection.endpoint(),
                connection == null ? null : connection.account(),
                connection == null ? null : connection.region(),
                size(data.database())
                        + size(data.database().resolveSibling(data.database().getFileName() + "-wal")),
                free,
                report,
                problems);
    }

    private static @Nullable Report ask(DataDirectory data, Connection connection, List<Problem> problems) {
        try {
            return ReportClient.ask(data, connection);
        } catch (IOException | GroundplaneException e) {
            problems.add(new Problem(
                    "%s does not answer: %s".formatted(connection.endpoint(), e.getMessage()),
                    "see logs/control-plane.log and logs/control-plane.err in the data directory"));
            return null;
        }
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0; // it was removed in between
        }
    }

    private static long free(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            return 0; // there is no such directory, which another problem says
        }
    }

    /** The status for people. */
    public String table() {
        return StatusTable.of(this);
    }
}
