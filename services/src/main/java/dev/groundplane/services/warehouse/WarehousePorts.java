package dev.groundplane.services.warehouse;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.Map;

/** Ports of the machine, which warehouses of all kinds and accounts share. Thread-safe. */
public final class WarehousePorts {
    /** Redshift's own. */
    public static final int FIRST = 5439;

    public static final int LOWEST = 1024;
    public static final int HIGHEST = 65_535;

    private static final Scope MACHINE = new Scope("", "");

    private final Resources<String> ports;

    WarehousePorts(Database database, Events events) {
        ports = new Resources<>(
                database, events, ResourceType.of("redshift-serverless:port", text -> text, text -> text));
    }

    /** Takes the first port from {@link #FIRST} on that nobody has. */
    public int takeFirst(Transaction tx) throws SQLException {
        int port = FIRST;
        while (!take(tx, port)) {
            port++;
        }
        return port;
    }

    /** Takes a port; false when another has it, or it is none that warehouses may have. */
    public boolean take(Transaction tx, int port) throws SQLException {
        String name = Integer.toString(port);
        if (port < LOWEST || port > HIGHEST || ports.find(tx, MACHINE, name).isPresent()) {
            return false;
        }
        ports.insert(tx, MACHINE, name, name, Map.of());
        return true;
    }

    /** Gives a port back. */
    public void give(Transaction tx, int port) throws SQLException {
        ports.deleteIfPresent(tx, MACHINE, Integer.toString(port));
    }
}
