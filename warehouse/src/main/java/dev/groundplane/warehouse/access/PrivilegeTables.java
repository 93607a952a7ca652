package dev.groundplane.warehouse.access;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.sql.Grantee;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.Privilege;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Owners and privileges as each database keeps them in its hidden schema, read and written in the session's transaction. For one
 * thread.
 */
final class PrivilegeTables {
    /** Tables with rows about single relations. */
    private static final List<String> OF_RELATIONS =
            List.of("object_owner", "object_privilege", "policy_attachment", "policy_relation");

    private final EngineSession engine;

    PrivilegeTables(EngineSession engine) {
        this.engine = engine;
    }

    /**
     * A privilege that somebody has.
     *
     * @param column empty for the whole object
     * @param grantee 0 for PUBLIC
     * @param grantor the user who granted it last
     * @param option whether it may be granted on
     */
    record Entry(Privilege privilege, String column, Grantee.Kind kind, int grantee, int grantor, boolean option) {}

    private static String table(String database, String name) {
        return Names.quote(database) + "." + HiddenSchema.NAME + "." + name;
    }

    private int run(String sql, Object... values) throws SQLException {
        try (var statement = engine.prepare(sql)) {
            for (var i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    /** The owner of a schema or relation; the administrator when nobody is known to be. */
    int owner(Target target) throws SQLException {
        return engine.known(new OwnerOf(target), () -> findOwner(target));
    }

    private record OwnerOf(Target target) {}

    private record EntriesOf(Target target) {}

    private int findOwner(Target target) throws SQLException {
        try (var statement = engine.prepare("SELECT owner FROM " + table(target.database(), "object_owner")
                + " WHERE kind = ? AND schema_name = ? AND object_name = ?")) {
            bind(statement, target);
            try (var found = statement.executeQuery()) {
                return found.next() ? found.getInt(1) : Principals.ADMINISTRATOR;
            }
        }
    }

    private static void bind(java.sql.PreparedStatement statement, Target target) throws SQLException {
        statement.setString(1, target.word());
        statement.setString(2, target.schema());
        statement.setString(3, target.name());
    }

    /** Makes somebody the owner. */
    void own(Target target, int owner) throws SQLException {
        var table = table(target.database(), "object_owner");
        run(
                "DELETE FROM " + table + " WHERE kind = ? AND schema_name = ? AND object_name = ?",
                target.word(),
                target.schema(),
                target.name());
        run("INSERT INTO " + table + " VALUES (?, ?, ?, ?)", target.word(), target.schema(), target.name(), owner);
    }

    /** The privileges on an object and its columns. */
    List<Entry> entries(Target target) throws SQLException {
        return engine.known(new EntriesOf(target), () -> findEntries(target));
    }

    private List<Entry> findEntries(Target target) throws SQLException {
        try (var statement =
                engine.prepare("SELECT privilege, column_name, grantee_kind, grantee, grantor, grant_option FROM "
                        + table(target.database(), "object_privilege")
                        + " WHERE kind = ? AND schema_name = ? AND object_name = ?")) {
            bind(statement, target);
            var entries = new ArrayList<Entry>();
            try (var found = statement.executeQuery()) {
                while (found.next()) {
                    entries.add(new Entry(
                            Privilege.valueOf(found.getString(1).toUpperCase(Locale.ROOT)),
                            found.getString(2),
                            Grantee.Kind.valueOf(found.getString(3).toUpperCase(Locale.ROOT)),
                            found.getInt(4),
                            found.getInt(5),
                            found.getBoolean(6)));
                }
            }
            return List.copyOf(entries);
        }
    }

    /** Adds a privilege in place of what there was of the same to the same. */
    void add(Target target, Entry entry) throws SQLException {
        remove(target, entry);
        run(
                "INSERT INTO " + table(target.database(), "object_privilege") + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                target.word(),
                target.schema(),
                target.name(),
                entry.column(),
                entry.privilege().name().toLowerCase(Locale.ROOT),
                entry.kind().word(),
                entry.grantee(),
                entry.grantor(),
                entry.option());
    }

    /** Takes a privilege away, whoever granted it. */
    void remove(Target target, Entry entry) throws SQLException {
        run(
                "DELETE FROM " + table(target.database(), "object_privilege")
                        + " WHERE kind = ? AND schema_name = ? AND object_name = ? AND column_name = ? AND privilege = ?"
                        + " AND grantee_kind = ? AND grantee = ?",
                target.word(),
                target.schema(),
                target.name(),
                entry.column(),
                entry.privilege().name().toLowerCase(Locale.ROOT),
                entry.kind().word(),
                entry.grantee());
    }

    /** An object is no more, or is another one of the same name now. Of a schema also what is in it. */
    void forget(Target target) throws SQLException {
        for (var table : OF_RELATIONS) {
            if (target.kind() == Target.Kind.SCHEMA) {
                run("DELETE FROM " + table(target.database(), table) + " WHERE schema_name = ?", target.schema());
            } else {
                run(
                        "DELETE FROM " + table(target.database(), table)
                                + " WHERE kind = ? AND schema_name = ? AND object_name = ?",
                        target.word(),
                        target.schema(),
                        target.name());
            }
        }
        if (target.kind() == Target.Kind.SCHEMA) {
            run(
                    "DELETE FROM " + table(target.database(), "default_privilege") + " WHERE schema_name = ?",
                    target.schema());
        }
    }

    /** Relations that are no more leave nothing behind, those included that no statement named: CASCADE drops views. */
    void sweep(String database) throws SQLException {
        for (var table : OF_RELATIONS) {
            run("""
                    DELETE FROM %s o WHERE kind = 'relation'
                        AND NOT EXISTS (FROM duckdb_tables() t WHERE t.database_name = ?
                            AND lower(t.schema_name) = o.schema_name AND lower(t.table_name) = o.object_name)
                        AND NOT EXISTS (FROM duckdb_views() v WHERE v.database_name = ?
                            AND lower(v.schema_name) = o.schema_name AND lower(v.view_name) = o.object_name)
                    """.formatted(table(database, table)), database, database);
        }
    }

    /** A relation has another name now. What something of that name has left behind is not its own. */
    void rename(Target target, String name) throws SQLException {
        forget(Target.relation(target.database(), target.schema(), name));
        for (var table : OF_RELATIONS) {
            run(
                    "UPDATE " + table(target.database(), table)
                            + " SET object_name = ? WHERE kind = ? AND schema_name = ? AND object_name = ?",
                    name,
                    target.word(),
                    target.schema(),
                    target.name());
        }
    }

    /** A column has another name now. */
    void renameColumn(Target target, String column, String name) throws SQLException {
        run(
                "UPDATE " + table(target.database(), "object_privilege")
                        + " SET column_name = ? WHERE kind = ? AND schema_name = ? AND object_name = ? AND column_name = ?",
                name,
                target.word(),
                target.schema(),
                target.name(),
                column);
    }

    /** A column is no more. */
    void forgetColumn(Target target, String column) throws SQLException {
        run(
                "DELETE FROM " + table(target.database(), "object_privilege")
                        + " WHERE kind = ? AND schema_name = ? AND object_name = ? AND column_name = ?",
                target.word(),
                target.schema(),
                target.name(),
                column);
    }

    /** What a new relation of an owner in a schema has granted from the start. */
    List<Entry> defaults(Target relation, int owner) throws SQLException {
        try (var statement = engine.prepare("SELECT DISTINCT privilege, grantee_kind, grantee, grant_option FROM "
                + table(relation.database(), "default_privilege")
                + " WHERE owner = ? AND schema_name IN ('', ?)")) {
            statement.setInt(1, owner);
            statement.setString(2, relation.schema());
            var entries = new ArrayList<Entry>();
            try (var found = statement.executeQuery()) {
                while (found.next()) {
                    entries.add(new Entry(
                            Privilege.valueOf(found.getString(1).toUpperCase(Locale.ROOT)),
                            "",
                            Grantee.Kind.valueOf(found.getString(2).toUpperCase(Locale.ROOT)),
                            found.getInt(3),
                            owner,
                            found.getBoolean(4)));
                }
            }
            return entries;
        }
    }

    /** @param schema empty for all */
    void addDefault(String database, int owner, String schema, Entry entry) throws SQLException {
        removeDefault(database, owner, schema, entry);
        run(
                "INSERT INTO " + table(database, "default_privilege") + " VALUES (?, ?, ?, ?, ?, ?)",
                owner,
                schema,
                entry.privilege().name().toLowerCase(Locale.ROOT),
                entry.kind().word(),
                entry.grantee(),
                entry.option());
    }

    /** @param schema empty for all */
    void removeDefault(String database, int owner, String schema, Entry entry) throws SQLException {
        run(
                "DELETE FROM " + table(database, "default_privilege")
                        + " WHERE owner = ? AND schema_name = ? AND privilege = ? AND grantee_kind = ? AND grantee = ?",
                owner,
                schema,
                entry.privilege().name().toLowerCase(Locale.ROOT),
                entry.kind().word(),
                entry.grantee());
    }

    /** What a user, group or role still owns or has in a database, in words; empty for nothing. */
    String ties(String database, Grantee.Kind kind, int id) throws SQLException {
        try (var statement = engine.prepare("""
                SELECT 'owns ' || kind || ' ' || concat_ws('.', schema_name, nullif(object_name, '')) FROM %s
                    WHERE ? = 'user' AND owner = ?
                UNION ALL SELECT 'has a privilege on ' || kind || ' ' || concat_ws('.', nullif(schema_name, ''),
                    nullif(object_name, '')) FROM %s WHERE grantee_kind = ? AND grantee = ?
                UNION ALL SELECT 'has default privileges' FROM %s
                    WHERE (grantee_kind = ? AND grantee = ?) OR (? = 'user' AND owner = ?)
                UNION ALL SELECT 'has policy ' || policy || ' on ' || concat_ws('.', schema_name, object_name) FROM %s
                    WHERE grantee_kind = ? AND grantee = ?
                UNION ALL SELECT 'has the permission ' || replace(upper(permission), '_', ' ') FROM %s
                    WHERE ? = 'role' AND role = ?
                LIMIT 1
                """.formatted(
                        table(database, "object_owner"),
                        table(database, "object_privilege"),
                        table(database, "default_privilege"),
                        table(database, "policy_attachment"),
                        table(database, "policy_permission")))) {
            for (var i = 0; i < 6; i++) {
                statement.setString(2 * i + 1, kind.word());
                statement.setInt(2 * i + 2, id);
            }
            try (var found = statement.executeQuery()) {
                return found.next() ? found.getString(1) + " in database " + database : "";
            }
        }
    }
}
