package dev.groundplane.services.s3.external;

import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;

/** Is told of changes that were under way when a process ended. */
@FunctionalInterface
public interface Unfinished {
    /** What is done in the transaction in which a change is recorded. */
    @FunctionalInterface
    interface End {
        /** @throws SQLException undoes the record */
        void in(Transaction transaction) throws SQLException;
    }

    /**
     * Records a change of which nobody knows whether it was made.
     *
     * @param end to be run with the record
     */
    void record(UnfinishedChange change, End end);
}
