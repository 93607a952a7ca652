/**
 * MariaDB's binary log as it comes over the network: its events, rows and statements. Knows nothing of what is done with them.
 */
@NullMarked
package dev.groundplane.warehouse.replication.binlog;

import org.jspecify.annotations.NullMarked;
