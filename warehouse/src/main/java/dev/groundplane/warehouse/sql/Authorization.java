package dev.groundplane.warehouse.sql;

import java.util.List;
import java.util.Optional;

/** As whom a statement reads or writes S3. */
public sealed interface Authorization {
    /**
     * IAM roles.
     *
     * @param chain ARNs, each assumed as the one before; the first may be {@code default}, the namespace's own
     */
    record Role(List<String> chain) implements Authorization {}

    /** Access keys, which stand in the statement. */
    record Keys(String accessKeyId, String secretAccessKey, Optional<String> sessionToken) implements Authorization {
        /** Keeps the secrets out of log lines. */
        @Override
        public String toString() {
            return "Keys[accessKeyId=" + accessKeyId + "]";
        }
    }
}
