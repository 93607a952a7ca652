package dev.groundplane.services.warehouse;

import java.util.Objects;

/**
 * A namespace that is to have the content of a backup.
 *
 * @param kind of its warehouse
 * @param id names what is made for it; never used again
 * @param namespace its name
 * @param namespaceId names its directory
 * @param backup the backup's id
 * @param state how far it is
 */
public record Restore(
        Warehouse.Kind kind, String id, String namespace, String namespaceId, String backup, State state) {
    /** How far it is. */
    public enum State {
        WANTED,
        /** The backup's files are the namespace's, and its users are those of the backup. */
        DONE
    }

    public Restore {
        kind = Objects.requireNonNullElse(kind, Warehouse.Kind.WORKGROUP); // the only one that had backups once
    }

    Restore done() {
        return new Restore(kind, id, namespace, namespaceId, backup, State.DONE);
    }
}
