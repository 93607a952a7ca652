package dev.groundplane.warehouse.replication;

/** A database of another server, whose changes are followed. */
sealed interface FollowedSource permits Source, BinlogSource {
    /** Its name. */
    String database();

    /** Whether it is the same database, of which the same tables are wanted. */
    boolean isSameAs(FollowedSource other);
}
