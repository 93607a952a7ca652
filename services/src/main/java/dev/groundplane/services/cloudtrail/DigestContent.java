package dev.groundplane.services.cloudtrail;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A digest before it is written. Source: AWS CloudTrail User Guide, "CloudTrail digest file structure" and "Custom
 * implementations of CloudTrail log file integrity validation".
 *
 * @param key where it goes
 * @param text its content before compression
 * @param toSign what its signature is over
 */
record DigestContent(String key, String text, String toSign) {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String HASH = "SHA-256";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param chain with a pending digest */
    static DigestContent of(TrailState trail, DigestChain chain, List<LogFile> files, String fingerprint) {
        String end = Objects.requireNonNull(chain.pendingEnd());
        String account = trail.scope().account();
        Instant time = Instant.parse(end);
        String key = "%sAWSLogs/%s/CloudTrail-Digest/%s/%s/%s_CloudTrail-Digest_%s_%s_%s_%s.json.gz"
                .formatted(
                        trail.prefix(),
                        account,
                        chain.region(),
                        DAY.format(time),
                        account,
                        chain.region(),
                        trail.name(),
                        trail.scope().region(),
                        SECOND.format(time));
        DigestChain.@Nullable Link previous = chain.previous();
        ObjectNode digest = JSON.createObjectNode()
                .put("awsAccountId", account)
                .put("digestStartTime", chain.start())
                .put("digestEndTime", end)
                .put("digestS3Bucket", trail.bucket())
                .put("digestS3Object", key)
                .put("digestPublicKeyFingerprint", fingerprint)
                .put("digestSignatureAlgorithm", DigestKeys.ALGORITHM)
                .put(
                        "newestEventTime",
                        files.stream()
                                .map(LogFile::newest)
                                .max(Comparator.naturalOrder())
                                .orElse(null))
                .put(
                        "oldestEventTime",
                        files.stream()
                                .map(LogFile::oldest)
                                .min(Comparator.naturalOrder())
                                .orElse(null))
                .put("previousDigestS3Bucket", previous == null ? null : previous.bucket())
                .put("previousDigestS3Object", previous == null ? null : previous.key())
                .put("previousDigestHashValue", previous == null ? null : previous.hash())
                .put("previousDigestHashAlgorithm", previous == null ? null : HASH)
                .put("previousDigestSignature", previous == null ? null : previous.signature());
        ArrayNode list = digest.putArray("logFiles");
        for (LogFile file : files) {
            list.addObject()
                    .put("s3Bucket", file.bucket())
                    .put("s3Object", file.key())
                    .put("hashValue", file.hash())
                    .put("hashAlgorithm", HASH)
                    .put("newestEventTime", file.newest())
                    .put("oldestEventTime", file.oldest());
        }
        String text = digest.toString();
        String toSign = String.join(
                "\n",
                end,
                trail.bucket() + "/" + key,
                Content.hash(text),
                previous == null ? "null" : previous.signature());
        return new DigestContent(key, text, toSign);
    }
}
