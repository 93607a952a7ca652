package dev.groundplane.services.redshiftserverless;

/**
 * A namespace that is to have the content of a backup.
 *
 * @param id names what is made for it; never used again
 * @param namespace its name
 * @param namespaceId names its directory
 * @param backup the backup's id
 * @param state how far it is
 */
public record Restore(String id, String namespace, String namespaceId, String backup, State state) {
    /** How far it is. */
    public enum State {
        WANTED,
        /** The backup's files are the namespace's, and its users are those of the backup. */
        DONE
    }

    Restore done() {
        return new Restore(id, namespace, namespaceId, backup, State.DONE);
    }
}
