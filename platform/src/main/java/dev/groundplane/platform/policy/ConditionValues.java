package dev.groundplane.platform.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known about a request, by condition key. Thread-safe when its source is. */
@FunctionalInterface
public interface ConditionValues {
    /**
     * The values of a key.
     *
     * @param key in lower case, for example {@code aws:sourceip} or {@code aws:resourcetag/team}
     * @return null when the request does not have the key; several values for multi-valued keys
     */
    @Nullable
    List<String> of(String key);
}
