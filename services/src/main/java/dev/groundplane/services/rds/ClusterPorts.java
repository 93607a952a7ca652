package dev.groundplane.services.rds;

import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.DatabasePorts;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where clusters listen. Thread-safe.
 *
 * @param address the host name or address that clients reach this machine at
 * @param all the machine's ports
 */
record ClusterPorts(String address, DatabasePorts all) {
    /**
     * Takes a port. PostgreSQL's own one is what clients name when they do not care, because each of AWS's clusters has an address
     * of its own; here the next free one is as good.
     */
    int take(Transaction tx, @Nullable Integer wanted) throws SQLException {
        if (wanted == null || wanted == Engine.PORT) {
            return all.takeFirst(tx, Engine.PORT);
        }
        Optional<String> refusal = all.take(tx, wanted);
        if (refusal.isPresent()) {
            throw RdsErrors.invalid("Port %d %s", wanted, refusal.get());
        }
        return wanted;
    }

    /** Gives a port back. */
    void give(Transaction tx, int port) throws SQLException {
        all.give(tx, port);
    }
}
