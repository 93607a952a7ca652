package dev.groundplane.server.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.services.warehouse.CopyJobFiles;
import dev.groundplane.services.warehouse.CopyJobFiles.Arrival;
import dev.groundplane.services.warehouse.CopyJobFiles.Job;
import dev.groundplane.services.warehouse.CopyJobFiles.Landed;
import dev.groundplane.services.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What workers ask about copy jobs. {@code WatchCopyJobs} has {@code jobs}, all that load by themselves, each with {@code database},
 * {@code id}, {@code name}, {@code owner}, {@code bucket} and {@code prefix}. {@code TakeCopyJobFiles} has {@code done}, each with
 * {@code database}, {@code id} and the {@code number} up to which was looked; the answer has {@code jobs}, each with the same and, if
 * they are known one by one, {@code files} with {@code key}, {@code bytes}, {@code etag} and {@code modified}. {@code ReportCopyJobs}
 * says that files are being loaded. Thread-safe.
 */
record CopyJobCalls(CopyJobFiles files) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The calls by their names.
     *
     * @param busy told of a warehouse whose worker loads files
     */
    Map<String, WorkerCall> operations(Consumer<Warehouse> busy) {
        return Map.of(
                "WatchCopyJobs",
                this::watch,
                "TakeCopyJobFiles",
                (warehouse, request) -> take(warehouse, request, busy),
                "ReportCopyJobs",
                (warehouse, request) -> {
                    busy.accept(warehouse);
                    return JSON.createObjectNode();
                });
    }

    private static CopyJobFiles.Key key(Warehouse warehouse, JsonNode job) {
        return new CopyJobFiles.Key(
                warehouse.namespaceId(),
                job.path("database").asText(),
                job.path("id").asLong());
    }

    private JsonNode watch(Warehouse warehouse, JsonNode request) {
        List<Job> jobs = new ArrayList<>();
        for (JsonNode job : request.path("jobs")) {
            jobs.add(new Job(
                    key(warehouse, job),
                    job.path("name").asText(),
                    job.path("owner").asInt(),
                    job.path("bucket").asText(),
                    job.path("prefix").asText()));
        }
        files.watch(warehouse.namespaceId(), jobs);
        return JSON.createObjectNode();
    }

    private JsonNode take(Warehouse warehouse, JsonNode request, Consumer<Warehouse> busy) {
        Map<CopyJobFiles.Key, Long> looked = new HashMap<>();
        for (JsonNode one : request.path("done")) {
            looked.put(key(warehouse, one), one.path("number").asLong());
        }
        List<Arrival> arrivals = files.take(warehouse.namespaceId(), looked);
        if (!arrivals.isEmpty()) {
            busy.accept(warehouse);
        }
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode jobs = answer.putArray("jobs");
        for (Arrival arrival : arrivals) {
            ObjectNode job = jobs.addObject()
                    .put("database", arrival.job().database())
                    .put("id", arrival.job().id())
                    .put("number", arrival.number());
            if (arrival.complete()) {
                put(job.putArray("files"), arrival.files());
            }
        }
        return answer;
    }

    private static void put(ArrayNode files, List<Landed> landed) {
        for (Landed one : landed) {
            files.addObject()
                    .put("key", one.key())
                    .put("bytes", one.bytes())
                    .put("etag", one.etag())
                    .put("modified", one.modifiedMillis());
        }
    }
}
