package dev.groundplane.services.warehouse;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.store.Database;
import java.time.InstantSource;
import java.util.function.IntPredicate;

/** What the services that make warehouses build them from. One for each process. Thread-safe. */
public final class WarehouseFoundation implements AutoCloseable {
    private final DatabasePorts ports;
    private final DatabasePrincipals principals;
    private final TemporaryPasswords passwords;
    private final BackupStore backups;
    private final Encryption encryption;

    /**
     * @param encryption makes salts of users, and passwords that services manage
     * @param free whether nothing on this machine listens at a port
     * @param clock tells when passwords end
     */
    public WarehouseFoundation(
            Database database, Events events, Encryption encryption, IntPredicate free, InstantSource clock) {
        WarehouseStore store = new WarehouseStore(database, events);
        ports = new DatabasePorts(database, events, free);
        backups = new BackupStore(database, events);
        principals = new DatabasePrincipals(store, clock);
        this.encryption = encryption;
        passwords =
                new TemporaryPasswords(store, user -> encryption.pseudonym("redshift-serverless:salt", user), clock);
    }

    /** Starts to remove temporary passwords that have ended. */
    public void start() {
        passwords.start();
    }

    public DatabasePorts ports() {
        return ports;
    }

    public DatabasePrincipals principals() {
        return principals;
    }

    public BackupStore backups() {
        return backups;
    }

    public TemporaryPasswords passwords() {
        return passwords;
    }

    /**
     * A password of an administrator that nobody without this installation's key can tell; always the same for an id, so that making
     * its secret can be tried again.
     *
     * @param id never used again
     */
    public String managedPassword(String id) {
        // A letter of each case and a digit, as administrators' passwords must have.
        return "aA1" + encryption.pseudonym("redshift:managed-password", id);
    }

    @Override
    public void close() {
        passwords.close();
    }
}
