package dev.groundplane.server.warehouse;

import dev.groundplane.services.warehouse.Warehouse;
import java.io.IOException;
import java.util.List;

/** The workers of namespaces, as backups and restores need them. Thread-safe. */
interface Workers {
    /** Namespaces with a workgroup. */
    List<Warehouse> warehouses();

    /**
     * Keeps a namespace's databases still enough to be copied, whether a worker has them or not, until what is returned is closed.
     *
     * @throws IOException when that is not so now; then it may be tried again
     */
    Stillness still(String namespaceId) throws IOException;

    /** Ends a namespace's sessions and its worker. None is started until the namespace can be used again. */
    void end(String namespaceId);

    /**
     * Waits until no worker has a namespace's databases, and lets none have them until what is returned is closed.
     *
     * @throws IOException when somebody else waits for it, too
     */
    NamespaceLock exclude(String namespaceId) throws IOException;

    /** Has workers be started for namespaces as they are now. */
    void refresh();

    /** Databases that are kept still. */
    interface Stillness extends AutoCloseable {
        /** Their names. */
        List<String> databases();

        @Override
        void close() throws IOException;
    }
}
