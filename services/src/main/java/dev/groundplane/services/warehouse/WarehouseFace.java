package dev.groundplane.services.warehouse;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A service that makes warehouses, and keeps what is particular to its kind. Thread-safe. */
public interface WarehouseFace {
    /** Of which kind its warehouses are. */
    Warehouse.Kind kind();

    /** All that are wanted, of every account. */
    List<Warehouse> warehouses();

    /** Has something done, on another thread, whenever they have changed. */
    void onChange(Runnable action);

    /** Whether one of them can be used now; who connects is told to come again when not. */
    boolean isAvailable(Warehouse warehouse);

    /** Who administers one of them now; empty when it is gone. */
    Optional<Administration> administration(Warehouse warehouse);

    /**
     * What is wanted is the case: of all that {@link #warehouses} named these are served as they were named, and nothing else is.
     * Called again and again; a repetition changes nothing.
     */
    void served(Collection<Warehouse> warehouses);
}
