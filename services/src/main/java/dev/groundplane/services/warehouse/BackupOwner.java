package dev.groundplane.services.warehouse;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.Optional;

/** A service whose warehouses are backed up: it knows what backups are for, and is told what becomes of them. Thread-safe. */
public interface BackupOwner {
    /** Of which kind its warehouses are. */
    Warehouse.Kind kind();

    /** Has something done, on another thread, whenever a backup may not be needed any more. */
    void onChange(Runnable action);

    /** The users of a backup's namespace as they are now; empty when that is gone. */
    Optional<NamespaceUsers> users(Scope scope, Backup backup);

    /** Whether a backup is for something. */
    boolean isNeeded(Transaction tx, Scope scope, Backup backup) throws SQLException;

    /** A backup is whole. */
    void completed(Transaction tx, Scope scope, Backup backup) throws SQLException;

    /** A backup is of no use. */
    void failed(Transaction tx, Scope scope, Backup backup) throws SQLException;

    /** Lets go of backups whose time is over. */
    void expire();

    /**
     * A namespace has a backup's files and users: so it has its administrator and its first database.
     *
     * @param users the backup's
     */
    void restored(Transaction tx, Scope scope, Restore restore, Backup backup, NamespaceUsers users)
            throws SQLException;

    /** A restore is over: the namespace can be used, unless the backup was damaged. */
    void ended(Transaction tx, Scope scope, Restore restore) throws SQLException;
}
