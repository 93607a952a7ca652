package dev.groundplane.services.warehouse;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.ResourceChange;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is wanted of whoever has the files of namespaces: backups to make or to remove, and namespaces to restore; and what became of
 * it. Every step may be taken again. Thread-safe.
 */
public final class Backups {
    private final Database database;
    private final Events events;
    private final BackupStore store;
    private final WarehouseFoundation foundation;
    private final Map<Warehouse.Kind, BackupOwner> owners;

    /** @param owners one for each kind of warehouse that has backups */
    public Backups(Database database, Events events, WarehouseFoundation foundation, List<BackupOwner> owners) {
        this.database = database;
        this.events = events;
        this.foundation = foundation;
        this.store = foundation.backups();
        this.owners = owners.stream().collect(Collectors.toUnmodifiableMap(BackupOwner::kind, Function.identity()));
    }

    private BackupOwner owner(Warehouse.Kind kind) {
        return Optional.ofNullable(owners.get(kind))
                .orElseThrow(() -> new IllegalStateException("a %s has no backups".formatted(kind)));
    }

    /**
     * What is wanted, or was.
     *
     * @param name a backup's id, or of a restore the namespace's
     */
    public record Key(Scope scope, String name) {
        private static Key of(ResourceChange change) {
            return new Key(change.scope(), change.name());
        }

        private static Key of(Stored<?> stored) {
            return new Key(stored.scope(), stored.name());
        }
    }

    /**
     * Has something done, on another thread, whenever something else is wanted.
     *
     * @param backup takes a backup that was made, changed or removed
     * @param restore takes a restore that is wanted, or was
     * @param sweep run when {@link #sweep} may find something
     */
    public void onChange(Consumer<Key> backup, Consumer<Key> restore, Runnable sweep) {
        events.subscribe(BackupStore.BACKUP, change -> backup.accept(Key.of(change)));
        events.subscribe(BackupStore.RESTORE, change -> {
            restore.accept(Key.of(change));
            sweep.run();
        });
        owners.values().forEach(owner -> owner.onChange(sweep));
    }

    /** All backups, of every account, also those that are wanted. */
    public List<Key> all() {
        return store.backups().all().stream().map(Key::of).toList();
    }

    /** A backup, if it is there and not yet removed. */
    public Optional<Backup> find(Key key) {
        return store.backups().find(key.scope(), key.name()).map(Stored::value);
    }

    /** The users that a backup has, or if it is not whole those that its namespace has now; nothing when that is gone. */
    public Optional<NamespaceUsers> users(Scope scope, Backup backup) {
        return backup.users() == null ? owner(backup.kind()).users(scope, backup) : Optional.of(backup.users());
    }

    /** A backup's files are durable. Without effect when it is not wanted any more. */
    public void completed(Scope scope, Backup whole) {
        change(scope, whole.id(), (tx, stored) -> {
            store.backups().update(tx, stored.with(whole));
            owner(whole.kind()).completed(tx, scope, whole);
        });
    }

    /** A backup cannot be made, or is damaged: nothing can be restored from it any more. */
    public void failed(Scope scope, Backup backup) {
        change(scope, backup.id(), (tx, stored) -> {
            Backup failed = stored.value().failed();
            store.backups().update(tx, stored.with(failed));
            owner(failed.kind()).failed(tx, scope, failed);
        });
    }

    private interface Change {
        void make(Transaction tx, Stored<Backup> stored) throws SQLException;
    }

    private void change(Scope scope, String id, Change change) {
        database.write(tx -> {
            Optional<Stored<Backup>> stored = store.backups().find(tx, scope, id);
            if (stored.isPresent()) {
                change.make(tx, stored.get());
            }
            return true;
        });
    }

    /** Removes snapshots and recovery points whose time is over, and then backups that nothing needs. */
    public void sweep() {
        owners.values().forEach(BackupOwner::expire);
        List<Stored<Backup>> all = store.backups().all();
        database.write(tx -> {
            for (Stored<Backup> one : all) {
                if (!isNeeded(tx, one.scope(), one.value())) {
                    store.backups().deleteIfPresent(tx, one.scope(), one.name());
                }
            }
            return true;
        });
    }

    private boolean isNeeded(Transaction tx, Scope scope, Backup backup) throws SQLException {
        return owner(backup.kind()).isNeeded(tx, scope, backup)
                || store.isRestored(tx, scope, backup.id())
                || store.isCopied(tx, scope, backup.id());
    }

    /** A restore that is wanted or not yet tidied up. */
    public Optional<Restore> restore(Key key) {
        return store.restores().find(key.scope(), key.name()).map(Stored::value);
    }

    /** All restores, of every account. */
    public List<Key> restores() {
        return store.restores().all().stream().map(Key::of).toList();
    }

    /** A namespace's files are the backup's now: so are its users, its administrator and its first database. */
    public void restored(Scope scope, Restore restore, Backup backup) {
        NamespaceUsers users = backup.users();
        if (users == null) {
            throw new IllegalStateException("backup %s was restored, and is not whole".formatted(backup.id()));
        }
        database.write(tx -> {
            Stored<Restore> stored = requireRestore(tx, scope, restore);
            foundation.principals().replace(tx, scope, restore.namespaceId(), users);
            foundation.passwords().removeAll(tx, scope, restore.namespaceId());
            owner(restore.kind()).restored(tx, scope, restore, backup, users);
            store.restores().update(tx, stored.with(stored.value().done()));
            return true;
        });
    }

    /** A restore is over: the namespace can be used, as the backup has it, or the backup is damaged. */
    public void ended(Scope scope, Restore restore) {
        database.write(tx -> {
            Stored<Restore> stored = requireRestore(tx, scope, restore);
            owner(restore.kind()).ended(tx, scope, stored.value());
            store.restores().delete(tx, stored);
            return true;
        });
    }

    private Stored<Restore> requireRestore(Transaction tx, Scope scope, Restore restore) throws SQLException {
        return store.restores()
                .find(tx, scope, restore.namespaceId())
                .orElseThrow(() -> new IllegalStateException(
                        "two have ended the restore of namespace %s".formatted(restore.namespace())));
    }
}
