package dev.groundplane.services.s3;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store of objects that is not this one, as far as decisions about calls need it. Thread-safe. */
public interface ObjectsElsewhere {
    /** Has a bucket that is there, and that nothing is known of here, belong to an account; does nothing about others. */
    void adopt(String bucket);

    /**
     * The tags of an object.
     *
     * @param versionId null for the present version
     * @return empty when there is no such object
     */
    Map<String, String> tags(String bucket, String key, @Nullable String versionId);

    /** Whether there is such a store. */
    default boolean isThere() {
        return true;
    }

    /** For objects that are here: there is nothing elsewhere. */
    ObjectsElsewhere NONE = new ObjectsElsewhere() {
        @Override
        public boolean isThere() {
            return false;
        }

        @Override
        public void adopt(String bucket) {}

        @Override
        public Map<String, String> tags(String bucket, String key, @Nullable String versionId) {
            return Map.of();
        }
    };
}
