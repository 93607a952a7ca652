package dev.groundplane.warehouse.replication;

/**
 * What a source sends.
 *
 * @param name of the publication
 * @param owners whether the source's owner made it, and it is not ours to change
 * @param tellsAlterations whether event triggers tell of altered tables; else they are found by looking
 */
record Publication(String name, boolean owners, boolean tellsAlterations) {
    /** What the owner of a source makes who lets nobody else make one. */
    static final String OF_OWNER = "groundplane_tables";

    /** One of the integration's own, which a superuser makes with all that belongs to it. */
    static Publication own(String name) {
        return new Publication(name, false, true);
    }
}
