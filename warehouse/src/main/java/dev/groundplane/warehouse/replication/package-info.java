/**
 * Keeps a database of the namespace as another server's database is: its rows are copied once, and every change after that is applied,
 * transaction by transaction.
 */
@NullMarked
package dev.groundplane.warehouse.replication;

import org.jspecify.annotations.NullMarked;
