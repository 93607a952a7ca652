package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.audit.AuditRecord;
import dev.groundplane.platform.audit.AuditTrail;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A log file before it is written. Source: AWS CloudTrail User Guide, "CloudTrail log file name format".
 *
 * @param key where it goes
 * @param text its content before compression
 * @param oldest time of its first event
 * @param newest time of its last event
 */
record LogFileContent(String key, String text, Instant oldest, Instant newest) {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm'Z'").withZone(ZoneOffset.UTC);
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int UNIQUE_LENGTH = 16;

    /** @param records at least one, oldest first */
    static LogFileContent of(TrailState trail, String region, Instant time, List<AuditTrail.Found> records) {
        String account = trail.scope().account();
        String unique =
                unique(trail.arn() + " " + region + " " + records.getFirst().position());
        String key = "%sAWSLogs/%s/CloudTrail/%s/%s/%s_CloudTrail_%s_%s_%s.json.gz"
                .formatted(
                        trail.prefix(),
                        account,
                        region,
                        DAY.format(time),
                        account,
                        region,
                        MINUTE.format(time),
                        unique);
        String text = records.stream()
                .map(found -> found.record().body())
                .collect(Collectors.joining(",", "{\"Records\":[", "]}"));
        List<Instant> times = records.stream()
                .map(AuditTrail.Found::record)
                .map(AuditRecord::time)
                .sorted(Comparator.naturalOrder())
                .toList();
        return new LogFileContent(key, text, times.getFirst(), times.getLast());
    }

    private static String unique(String seed) {
        byte[] hash = Content.sha256(seed.getBytes(StandardCharsets.UTF_8));
        StringBuilder unique = new StringBuilder();
        for (int i = 0; i < UNIQUE_LENGTH; i++) {
            unique.append(ALPHABET.charAt((hash[i] & 0xFF) % ALPHABET.length()));
        }
        return unique.toString();
    }

    byte[] gzip() {
        return Content.gzip(text);
    }

    /** What a digest says of it. */
    LogFile file(String bucket) {
        return new LogFile(
                bucket,
                key,
                Content.hash(text),
                oldest.truncatedTo(ChronoUnit.SECONDS).toString(),
                newest.truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
