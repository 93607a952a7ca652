/**
 * The relational store: one database, one writer, typed resources with optimistic versions and secondary indexes.
 *
 * <p>Knows SQL and nothing of what is stored. Services keep their resources through {@link
 * dev.groundplane.platform.store.Resources}; components with tables of their own bring {@link
 * dev.groundplane.platform.store.Migration}s.
 */
@NullMarked
package dev.groundplane.platform.store;

import org.jspecify.annotations.NullMarked;
