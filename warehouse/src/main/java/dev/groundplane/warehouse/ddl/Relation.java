package dev.groundplane.warehouse.ddl;

import dev.groundplane.warehouse.sql.Ddl.Kind;
import dev.groundplane.warehouse.sql.Names;
import java.util.List;

/**
 * A table or a view that there is.
 *
 * @param database {@code temp} for a session's own
 */
record Relation(String database, String schema, String name, boolean isView, Notes.Relation notes) {
    /** As the engine takes it. */
    String sql() {
        return sql(database, schema, name);
    }

    static String sql(String database, String schema, String name) {
        return Names.quote(database) + "." + Names.quote(schema) + "." + Names.quote(name);
    }

    /** Whether a statement that is about this relation means it by a name, with those before it if there are any. */
    boolean isNamed(List<String> path) {
        return Names.isNamed(path, List.of(database, schema, name));
    }

    /** What CREATE is followed by to make it, a table. */
    String created() {
        return isTemporary() ? "TEMP TABLE " + Names.quote(name) : "TABLE " + sql();
    }

    Kind kind() {
        var view = notes.view();
        if (!isView) {
            return Kind.TABLE;
        }
        return view == null || view.data() == null ? Kind.VIEW : Kind.MATERIALIZED_VIEW;
    }

    boolean isTemporary() {
        return database.equals("temp");
    }
}
