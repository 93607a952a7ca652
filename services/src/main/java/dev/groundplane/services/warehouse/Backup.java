package dev.groundplane.services.warehouse;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot or a recovery point consists of: copies of a warehouse's files, and its users. It is wanted first, and whole once
 * all of its files are durable.
 *
 * @param kind of the warehouse
 * @param id names it and its directory; never used again
 * @param namespaceId whose files are copied
 * @param namespace its name
 * @param workgroup of a recovery point: the workgroup's name; null for a snapshot
 * @param database the namespace's first database
 * @param source the backup whose files are copied instead of the namespace's; null for the latter
 * @param createdMillis when it was wanted, since 1970
 * @param seen what the namespace's files looked like; null while that is not known
 * @param users as they were at that time; null while it is not whole, unless the namespace is gone already
 */
public record Backup(
        Warehouse.Kind kind,
        String id,
        String namespaceId,
        String namespace,
        @Nullable String workgroup,
        String database,
        @Nullable String source,
        long createdMillis,
        State state,
        List<BackupFile> files,
        @Nullable String seen,
        @Nullable NamespaceUsers users) {
    private static final double MEGABYTE = 1024 * 1024;

    /** How far it is. */
    public enum State {
        WANTED,
        WHOLE,
        /** It cannot be made, or what was made is damaged. */
        FAILED
    }

    public Backup {
        kind = Objects.requireNonNullElse(kind, Warehouse.Kind.WORKGROUP); // the only one that had backups once
        files = List.copyOf(files);
    }

    /** A backup of a namespace's files as they will be found. */
    public static Backup wanted(
            Warehouse.Kind kind,
            String id,
            String namespaceId,
            String namespace,
            @Nullable String workgroup,
            String database,
            long createdMillis) {
        return new Backup(
                kind,
                id,
                namespaceId,
                namespace,
                workgroup,
                database,
                null,
                createdMillis,
                State.WANTED,
                List.of(),
                null,
                null);
    }

    /** Another backup with the same content. */
    public Backup copy(String copyId, long atMillis) {
        return new Backup(
                kind,
                copyId,
                namespaceId,
                namespace,
                null,
                database,
                id,
                atMillis,
                State.WANTED,
                List.of(),
                seen,
                users);
    }

    /** The same with users that are known before its files are copied. */
    public Backup with(NamespaceUsers known) {
        return with(state, files, seen, known);
    }

    /** The same with all of its files. */
    public Backup whole(List<BackupFile> copied, @Nullable String look, NamespaceUsers known) {
        return with(State.WHOLE, copied, look, known);
    }

    /** The same, of no use. */
    Backup failed() {
        return with(State.FAILED, files, seen, users);
    }

    private Backup with(State next, List<BackupFile> copied, @Nullable String look, @Nullable NamespaceUsers known) {
        return new Backup(
                kind,
                id,
                namespaceId,
                namespace,
                workgroup,
                database,
                source,
                createdMillis,
                next,
                copied,
                look,
                known);
    }

    /** Of all files, in units of 2^20 bytes. */
    public double megabytes() {
        return files.stream().mapToLong(BackupFile::sizeBytes).sum() / MEGABYTE;
    }
}
