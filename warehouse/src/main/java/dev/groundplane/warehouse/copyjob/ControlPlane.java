package dev.groundplane.warehouse.copyjob;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.warehouse.gateway.Gateway;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What copy jobs ask of the control plane, which knows when files land. Thread-safe. */
record ControlPlane(Gateway gateway) {
    /**
     * Files that have landed for a job.
     *
     * @param number of the last one
     * @param files null when they are not known one by one
     */
    record Arrival(CopyJob.Key job, long number, @Nullable List<LandedFile> files) {}

    /** Has it watch the prefixes of these jobs, and of no others of the namespace. */
    void watch(List<CopyJob> jobs) {
        var members = jobs.stream()
                .map(job -> Map.of(
                        "database",
                        job.database(),
                        "id",
                        job.id(),
                        "name",
                        job.name(),
                        "owner",
                        job.owner(),
                        "bucket",
                        job.location().bucket(),
                        "prefix",
                        job.location().key()))
                .toList();
        gateway.call("WatchCopyJobs", Map.of("jobs", members));
    }

    /**
     * Takes what has landed since the last time.
     *
     * @param done up to which number jobs have looked at what they took
     */
    List<Arrival> take(Map<CopyJob.Key, Long> done) {
        var members = done.entrySet().stream()
                .map(one -> Map.of(
                        "database", one.getKey().database(), "id", one.getKey().id(), "number", one.getValue()))
                .toList();
        var arrivals = new ArrayList<Arrival>();
        for (var one : gateway.call("TakeCopyJobFiles", Map.of("done", members)).path("jobs")) {
            var key = new CopyJob.Key(
                    one.path("database").asText(), one.path("id").asLong());
            arrivals.add(new Arrival(key, one.path("number").asLong(), files(one.path("files"))));
        }
        return arrivals;
    }

    private static @Nullable List<LandedFile> files(JsonNode files) {
        if (!files.isArray()) {
            return null;
        }
        var landed = new ArrayList<LandedFile>();
        for (var file : files) {
            landed.add(new LandedFile(
                    file.path("key").asText(),
                    file.path("bytes").asLong(),
                    file.path("etag").asText(),
                    Instant.ofEpochMilli(file.path("modified").asLong())));
        }
        return landed;
    }

    /** That files are being loaded, so that the process is not taken for idle. */
    void busy() {
        gateway.call("ReportCopyJobs", Map.of());
    }
}
