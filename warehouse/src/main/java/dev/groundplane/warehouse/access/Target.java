package dev.groundplane.warehouse.access;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.util.List;

/**
 * What privileges are on.
 *
 * @param database where it lies, and where its privileges are kept
 * @param schema empty for the database itself
 * @param name empty for the schema itself
 */
public record Target(Kind kind, String database, String schema, String name) {
    /** What there is to grant on. */
    public enum Kind {
        DATABASE,
        SCHEMA,
        RELATION
    }

    static Target database(String database) {
        return new Target(Kind.DATABASE, database, "", "");
    }

    static Target schema(String database, String schema) {
        return new Target(Kind.SCHEMA, database, schema, "");
    }

    static Target relation(String database, String schema, String name) {
        return new Target(Kind.RELATION, database, schema, name);
    }

    /** The schema that it is in, or is. */
    Target itsSchema() {
        return schema(database, schema);
    }

    /** Whether a statement that is about this relation means it by a name, with those before it if there are any. */
    boolean isNamed(List<String> path) {
        return Names.isNamed(path, List.of(database, schema, name));
    }

    /** As privileges keep it. */
    String word() {
        return kind.name().toLowerCase(java.util.Locale.ROOT);
    }

    private String shown() {
        return switch (kind) {
            case DATABASE -> database;
            case SCHEMA -> schema;
            case RELATION -> name;
        };
    }

    /** In Redshift's words. */
    SqlFailure denied() {
        return SqlFailure.of(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for %s %s".formatted(word(), shown()));
    }

    /** In Redshift's words. */
    SqlFailure notOwner() {
        return SqlFailure.of(SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of %s %s".formatted(word(), shown()));
    }
}
