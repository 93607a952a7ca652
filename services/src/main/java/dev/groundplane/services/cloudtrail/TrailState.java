package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudtrail.model.Trail;

/**
 * A trail and how far it has got. Immutable.
 *
 * @param stored as it is kept
 */
record TrailState(Stored<Trail> stored) {
    /** Prefix of the extras that are tags. */
    static final String TAG = "tag:";
    /** The event selectors, as JSON of GetEventSelectors' answer. */
    static final String SELECTORS = "selectors";

    private static final String LOGGING = "logging";
    private static final String STARTED = "started";
    private static final String STOPPED = "stopped";
    private static final String POSITION = "position";
    private static final String UNTIL = "until";
    private static final String BATCH = "batch";
    private static final String DELIVERED = "delivered";
    private static final String DELIVERY_ERROR = "delivery-error";
    private static final String DIGESTED = "digested";
    private static final String DIGEST_ERROR = "digest-error";

    /**
     * What is being delivered. It is stored before the first object is written, so that a process that starts again after a
     * crash writes the same objects with the same content.
     *
     * @param upTo the last record's position
     * @param time the time in the objects' names
     */
    record Batch(long upTo, Instant time) {}

    Trail trail() {
        return stored.value();
    }

    Scope scope() {
        return stored.scope();
    }

    String name() {
        return stored.name();
    }

    String arn() {
        return trail().trailARN();
    }

    String bucket() {
        return trail().s3BucketName();
    }

    /** What the keys of its objects begin with: empty, or ends with a slash. */
    String prefix() {
        String prefix = trail().s3KeyPrefix();
        return prefix == null || prefix.isEmpty() ? "" : prefix + "/";
    }

    boolean isMultiRegion() {
        return Boolean.TRUE.equals(trail().isMultiRegionTrail());
    }

    /** Whether it makes digests of the log files it delivers. */
    boolean validates() {
        return Boolean.TRUE.equals(trail().logFileValidationEnabled());
    }

    boolean isLogging() {
        return stored.extra().containsKey(LOGGING);
    }

    /** Whether there may be records that it has to deliver. */
    boolean isUnfinished() {
        return isLogging() || position() < until();
    }

    /** The last position that needs no more delivery. */
    long position() {
        return Long.parseLong(stored.extra().getOrDefault(POSITION, "0"));
    }

    /** The last position that is to be delivered after logging has stopped. */
    long until() {
        return Long.parseLong(stored.extra().getOrDefault(UNTIL, "0"));
    }

    Optional<Batch> batch() {
        return Optional.ofNullable(stored.extra().get(BATCH)).map(text -> {
            String[] parts = text.split(" ", 2);
            return new Batch(Long.parseLong(parts[0]), Instant.parse(parts[1]));
        });
    }

    Optional<Instant> started() {
        return time(STARTED);
    }

    Optional<Instant> stopped() {
        return time(STOPPED);
    }

    Optional<Instant> delivered() {
        return time(DELIVERED);
    }

    Optional<Instant> digested() {
        return time(DIGESTED);
    }

    Optional<String> deliveryError() {
        return Optional.ofNullable(stored.extra().get(DELIVERY_ERROR));
    }

    Optional<String> digestError() {
        return Optional.ofNullable(stored.extra().get(DIGEST_ERROR));
    }

    private Optional<Instant> time(String extra) {
        return Optional.ofNullable(stored.extra().get(extra)).map(Instant::parse);
    }

    TrailState with(Trail trail) {
        return new TrailState(stored.with(trail));
    }

    TrailState with(String extra, @Nullable String value) {
        return new TrailState(stored.withExtra(extra, value));
    }

    /** Logging begins with what follows {@code position}, or goes on after what is not delivered yet. */
    TrailState started(Instant now, long position) {
        return (isUnfinished() ? this : with(POSITION, Long.toString(position)))
                .with(LOGGING, "true")
                .with(STARTED, now.toString());
    }

    TrailState stopped(Instant now, long until) {
        return with(LOGGING, null).with(STOPPED, now.toString()).with(UNTIL, Long.toString(until));
    }

    TrailState delivering(Batch batch) {
        return with(BATCH, batch.upTo() + " " + batch.time());
    }

    /** The batch is done. */
    TrailState delivered(Batch batch, boolean wroteFiles, Instant now) {
        TrailState done = with(BATCH, null).with(POSITION, Long.toString(batch.upTo()));
        return wroteFiles ? done.with(DELIVERED, now.toString()).with(DELIVERY_ERROR, null) : done;
    }

    TrailState deliveryFailed(String error) {
        return with(DELIVERY_ERROR, error);
    }

    TrailState digested(Instant now) {
        return with(DIGESTED, now.toString()).with(DIGEST_ERROR, null);
    }

    TrailState digestFailed(String error) {
        return with(DIGEST_ERROR, error);
    }
}
