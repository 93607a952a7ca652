package dev.groundplane.services.s3.external;

import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.Set;

/** Where what others put into the other S3 is wanted to be known. Thread-safe. */
public interface WatchedPrefixes {
    /** What keys of a bucket begin with. */
    record Prefix(String bucket, String text) {}

    /** Those that are wanted now. */
    Set<Prefix> all();

    /**
     * What lies under a prefix is not what lay there before.
     *
     * @param number greater than those of all events before
     * @throws SQLException when it cannot be written down
     */
    void changed(Transaction transaction, Prefix prefix, long number) throws SQLException;
}
