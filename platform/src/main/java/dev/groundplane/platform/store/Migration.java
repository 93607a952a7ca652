package dev.groundplane.platform.store;

/**
 * One step of a component's schema. Steps are applied once, in order of their version, each in a transaction of its own,
 * and are never changed after a release.
 *
 * @param component whose tables these are, for example {@code resources}
 * @param version 1, 2, 3... within the component
 * @param sql statements separated by semicolons, in SQLite's SQL; other databases' dialects translate its types and
 *     {@code WITHOUT ROWID}
 */
public record Migration(String component, int version, String sql) {}
