package dev.groundplane.platform.audit;

/**
 * Something in the trail that is not as it was written.
 *
 * @param kind what kind of damage
 * @param position where; the first position that it is about
 * @param eventId the record that is there; empty when none is
 * @param message what was found and what it means, in words
 */
public record AuditFinding(Kind kind, long position, String eventId, String message) {
    /** The kinds of damage. */
    public enum Kind {
        /** The record's body was changed, or another record was put in its place or moved there. */
        ALTERED,
        /** A column or resource by which the record is found does not say what its body says. */
        MISLEADING_COLUMN,
        /** Records are missing between others. */
        MISSING,
        /** Records are missing at the end. */
        TRUNCATED,
        /** Records are there that the control plane did not write. */
        ADDED,
        /** The trail was written anew: it is consistent, but not what was signed. */
        REWRITTEN,
        /** A checkpoint is missing or was not signed with this installation's key. */
        CHECKPOINT,
        /** The database is an older copy of itself. */
        ROLLED_BACK
    }
}
