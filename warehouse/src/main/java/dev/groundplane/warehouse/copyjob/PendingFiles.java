package dev.groundplane.warehouse.copyjob;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The files that jobs are about to load, as the system views show them: of each job the first few thousand. Thread-safe. */
final class PendingFiles {
    /** So many of a job are shown. */
    static final int MOST = 10_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<CopyJob.Key, Waiting> waiting = new ConcurrentHashMap<>();

    private record Waiting(List<FreshFile> files, Instant enqueued) {}

    /** A job is about to load these. */
    void set(CopyJob.Key job, List<FreshFile> files, Instant enqueued) {
        waiting.put(job, new Waiting(files, enqueued));
    }

    /** The first ones are loaded, or are not going to be. */
    void done(CopyJob.Key job, int count) {
        waiting.computeIfPresent(
                job,
                (key, before) -> new Waiting(
                        before.files()
                                .subList(
                                        Math.min(count, before.files().size()),
                                        before.files().size()),
                        before.enqueued()));
    }

    void clear(CopyJob.Key job) {
        waiting.remove(job);
    }

    /** As the view {@code pending_file} reads them. */
    String text() {
        var all = JSON.createArrayNode();
        waiting.forEach((job, some) -> some.files()
                .forEach(fresh -> all.addObject()
                        .put("database_name", job.database())
                        .put("job", job.id())
                        .put("name", fresh.file().key())
                        .put("bytes", fresh.file().bytes())
                        .put("etag", fresh.file().etag())
                        .put("modified", micros(fresh.file().modified()))
                        .put("enqueued", micros(some.enqueued()))));
        return all.toString();
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
