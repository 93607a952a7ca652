package dev.groundplane.services.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Backups by id, and restores by the namespace's id. Its types are named as when Redshift Serverless alone had them. Thread-safe.
 */
public final class BackupStore {
    static final String BACKUP = "redshift-serverless:backup";
    static final String RESTORE = "redshift-serverless:restore";

    /** Index of a restore, and of a backup that is to be made of another one: the backup whose files are copied. */
    private static final String FROM = "from";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Resources<Backup> backups;
    private final Resources<Restore> restores;

    BackupStore(Database database, Events events) {
        backups = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        BACKUP, BackupStore::encode, decoder(Backup.class), (backup, extra) -> from(backup)));
        restores = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        RESTORE,
                        BackupStore::encode,
                        decoder(Restore.class),
                        (restore, extra) -> Map.of(FROM, restore.backup())));
    }

    private static Map<String, String> from(Backup backup) {
        return backup.source() == null || backup.state() != Backup.State.WANTED
                ? Map.of()
                : Map.of(FROM, backup.source());
    }

    private static String encode(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record always has a JSON form", e);
        }
    }

    private static <T> Function<String, T> decoder(Class<T> type) {
        return text -> {
            try {
                return JSON.readValue(text, type);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a stored %s cannot be read".formatted(type.getSimpleName()), e);
            }
        };
    }

    Resources<Backup> backups() {
        return backups;
    }

    Resources<Restore> restores() {
        return restores;
    }

    /** Wants a backup. */
    public void want(Transaction tx, Scope scope, Backup backup) throws SQLException {
        backups.insert(tx, scope, backup.id(), backup, Map.of());
    }

    /** A backup, if it is there and not yet removed. */
    public Optional<Backup> find(Transaction tx, Scope scope, String id) throws SQLException {
        return backups.find(tx, scope, id).map(Stored::value);
    }

    /** All backups of an account. */
    public List<Backup> all(Transaction tx, Scope scope) throws SQLException {
        return backups.list(tx, scope, "", "", Resources.ALL).items().stream()
                .map(Stored::value)
                .toList();
    }

    /** Wants a namespace to have a backup's content. */
    public void wantRestored(Transaction tx, Scope scope, String namespace, String namespaceId, Backup backup)
            throws SQLException {
        Restore restore = new Restore(
                backup.kind(), UUID.randomUUID().toString(), namespace, namespaceId, backup.id(), Restore.State.WANTED);
        restores.insert(tx, scope, namespaceId, restore, Map.of());
    }

    /** Whether a namespace is to have a backup's content. */
    boolean isRestored(Transaction tx, Scope scope, String backup) throws SQLException {
        return !restores.listByIndex(tx, scope, FROM, backup, "", 1).items().isEmpty();
    }

    /** Whether another backup is to be made of one. */
    boolean isCopied(Transaction tx, Scope scope, String backup) throws SQLException {
        return !backups.listByIndex(tx, scope, FROM, backup, "", 1).items().isEmpty();
    }
}
