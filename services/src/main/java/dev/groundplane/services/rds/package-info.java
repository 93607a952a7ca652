/**
 * Amazon RDS: Aurora PostgreSQL clusters, each one PostgreSQL server. This package tells what is wanted of them and follows
 * {@link dev.groundplane.services.rds.DatabaseServers}, which someone else implements, until it is so.
 */
@NullMarked
package dev.groundplane.services.rds;

import org.jspecify.annotations.NullMarked;
