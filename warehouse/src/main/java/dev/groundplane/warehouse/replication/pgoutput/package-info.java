/** The messages of PostgreSQL's logical replication. Nothing here knows the engine. */
@NullMarked
package dev.groundplane.warehouse.replication.pgoutput;

import org.jspecify.annotations.NullMarked;
