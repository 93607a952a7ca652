package dev.groundplane.services.warehouse;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** Ports of the machine, which warehouses of all kinds, other databases and all accounts share. Thread-safe. */
public final class DatabasePorts {
    /** Redshift's own. */
    public static final int FIRST = 5439;

    public static final int LOWEST = 1024;
    public static final int HIGHEST = 65_535;

    private static final Scope MACHINE = new Scope("", "");

    private final Resources<String> ports;
    private final IntPredicate free;
    private volatile Set<Integer> served = Set.of();

    /** @param free whether nothing on this machine listens at a port */
    DatabasePorts(Database database, Events events, IntPredicate free) {
        this.free = free;
        ports = new Resources<>(
                database, events, ResourceType.of("redshift-serverless:port", text -> text, text -> text));
    }

    /** Takes the first port from {@link #FIRST} on that no other warehouse and no other program has. */
    public int takeFirst(Transaction tx) throws SQLException {
        return takeFirst(tx, FIRST);
    }

    /** Takes the first port from {@code first} on that nobody has. */
    public int takeFirst(Transaction tx, int first) throws SQLException {
        for (int port = first; port <= HIGHEST; port++) {
            if (take(tx, port).isEmpty()) {
                return port;
            }
        }
        throw new IllegalStateException("every port from %d on is in use".formatted(first));
    }

    /**
     * Takes a port.
     *
     * @return empty, or why that is not possible, to go on after the port
     */
    public Optional<String> take(Transaction tx, int port) throws SQLException {
        Optional<String> refusal = refusal(tx, port);
        if (refusal.isEmpty()) {
            keep(tx, port);
        }
        return refusal;
    }

    private Optional<String> refusal(Transaction tx, int port) throws SQLException {
        if (port < LOWEST || port > HIGHEST) {
            return Optional.of("must be from %d to %d.".formatted(LOWEST, HIGHEST));
        }
        if (has(tx, port)) {
            return Optional.of("is another database's; name another one.");
        }
        // What was served there a moment ago may still be about to be closed.
        return served.contains(port) || free.test(port)
                ? Optional.empty()
                : Optional.of("is in use by another program on this machine; end that, or name another one.");
    }

    private boolean has(Transaction tx, int port) throws SQLException {
        return ports.find(tx, MACHINE, Integer.toString(port)).isPresent();
    }

    /** Has a port be taken that a warehouse has already, whatever else listens there now. */
    public void keep(Transaction tx, int port) throws SQLException {
        String name = Integer.toString(port);
        if (!has(tx, port)) {
            ports.insert(tx, MACHINE, name, name, Map.of());
        }
    }

    /** Gives a port back. */
    public void give(Transaction tx, int port) throws SQLException {
        ports.deleteIfPresent(tx, MACHINE, Integer.toString(port));
    }

    /** At these, and no others, warehouses are listened for now. */
    void served(Collection<Warehouse> warehouses) {
        served = warehouses.stream().map(Warehouse::port).collect(Collectors.toUnmodifiableSet());
    }
}
