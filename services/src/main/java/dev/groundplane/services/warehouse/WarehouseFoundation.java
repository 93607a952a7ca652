package dev.groundplane.services.warehouse;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.store.Database;
import java.time.InstantSource;

/** What the services that make warehouses build them from. One for each process. Thread-safe. */
public final class WarehouseFoundation implements AutoCloseable {
    private final WarehousePorts ports;
    private final DatabasePrincipals principals;
    private final TemporaryPasswords passwords;

    /**
     * @param encryption makes salts of users
     * @param clock tells when passwords end
     */
    public WarehouseFoundation(Database database, Events events, Encryption encryption, InstantSource clock) {
        WarehouseStore store = new WarehouseStore(database, events);
        ports = new WarehousePorts(database, events);
        principals = new DatabasePrincipals(store, clock);
        passwords =
                new TemporaryPasswords(store, user -> encryption.pseudonym("redshift-serverless:salt", user), clock);
    }

    /** Starts to remove temporary passwords that have ended. */
    public void start() {
        passwords.start();
    }

    public WarehousePorts ports() {
        return ports;
    }

    public DatabasePrincipals principals() {
        return principals;
    }

    public TemporaryPasswords passwords() {
        return passwords;
    }

    @Override
    public void close() {
        passwords.close();
    }
}
