/**
 * Functions of Redshift's that the engine's SQL cannot express, on texts: the engine calls them as scalar functions. Pure; nothing
 * here knows the engine or sessions.
 */
@NullMarked
package dev.groundplane.warehouse.function;

import org.jspecify.annotations.NullMarked;
