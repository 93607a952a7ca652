/**
 * Redshift's SQL as text: tokens, statements, and what the engine is asked instead. Nothing here knows a connection or what
 * tables there are.
 */
@NullMarked
package dev.groundplane.warehouse.sql;

import org.jspecify.annotations.NullMarked;
