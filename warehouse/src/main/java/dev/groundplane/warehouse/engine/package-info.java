/**
 * DuckDB as the warehouse uses it: one process opens a namespace's databases; sessions run statements in its dialect. Nothing
 * here knows Redshift's SQL or clients.
 */
@NullMarked
package dev.groundplane.warehouse.engine;

import org.jspecify.annotations.NullMarked;
