package dev.groundplane.services.logs;

import dev.groundplane.platform.store.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;

/**
 * A log group as it is stored: AWS's model plus, in the extras, its numeric id and its tags.
 *
 * @param stored name and version
 */
record Group(Stored<LogGroup> stored) {
    static final String ID = "id";
    static final String TAG = "tag:";

    long id() {
        return Long.parseLong(stored.extra().getOrDefault(ID, "0"));
    }

    String name() {
        return stored.name();
    }

    LogGroup value() {
        return stored.value();
    }

    /** The time, in milliseconds, before which events have expired; 0 when they never do. */
    long expiredBefore(Instant now) {
        Integer days = value().retentionInDays();
        return days == null ? 0 : Math.max(0, now.minus(Duration.ofDays(days)).toEpochMilli());
    }

    Map<String, String> tags() {
        Map<String, String> tags = new TreeMap<>();
        stored.extra().forEach((key, value) -> {
            if (key.startsWith(TAG)) {
                tags.put(key.substring(TAG.length()), value);
            }
        });
        return tags;
    }
}
