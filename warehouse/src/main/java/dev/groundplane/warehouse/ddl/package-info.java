/**
 * Definitions of tables, views and the like, carried out with what the engine has. What it does not keep itself, such as keys
 * and encodings, is in the comments of its catalog, which go with their objects through transactions, renames and drops.
 */
@NullMarked
package dev.groundplane.warehouse.ddl;

import org.jspecify.annotations.NullMarked;
