package dev.groundplane.warehouse.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code SHOW GRANTS}, as a query of the system view that has all of them. Source: Redshift's "SHOW GRANTS". */
public record GrantsQuery(String sql) {
    /** What it shows. */
    public static final String COLUMNS =
            "database_name, schema_name, object_name, object_type, privilege_type, identity_id, identity_name,"
                    + " identity_type, admin_option, privilege_scope, grantor_name";

    /**
     * The query that a statement is; empty when it is another statement.
     *
     * @throws SqlFailure when it begins like one and is none
     */
    public static Optional<GrantsQuery> of(Statement statement) {
        var reader = new TokenReader(statement.tokens());
        if (!reader.accept("SHOW", "GRANTS")) {
            return Optional.empty();
        }
        var conditions = new ArrayList<>(List.of("database_name = current_database()"));
        if (reader.accept("ON")) {
            on(reader, conditions);
        }
        if (reader.accept("FOR") || reader.accept("TO")) {
            var grantee = Grantee.read(reader);
            conditions.add("identity_type = " + Names.literal(grantee.kind().word()));
            if (grantee.kind() != Grantee.Kind.PUBLIC) {
                conditions.add("identity_name = " + Names.literal(grantee.name()));
            }
        }
        if (!reader.atEnd()) {
            throw reader.unexpected();
        }
        return Optional.of(new GrantsQuery("SELECT " + COLUMNS + " FROM sys.catalog.show_grants WHERE "
                + String.join(" AND ", conditions) + " ORDER BY ALL"));
    }

    private static void on(TokenReader reader, List<String> conditions) {
        if (reader.accept("DATABASE")) {
            conditions.set(0, "database_name = " + Names.literal(reader.name()));
            conditions.add("object_type = 'DATABASE'");
        } else if (reader.accept("SCHEMA")) {
            conditions.add("object_type = 'SCHEMA'");
            var name = reader.qualifiedName();
            conditions.add("schema_name = " + Names.literal(name.getLast()));
        } else {
            reader.accept("TABLE");
            conditions.add("object_type = 'TABLE'");
            var name = reader.qualifiedName();
            conditions.add("object_name = " + Names.literal(name.getLast()));
            conditions.add(
                    name.size() == 1
                            ? "list_contains(main.current_schemas(false), schema_name)"
                            : "schema_name = " + Names.literal(name.get(name.size() - 2)));
        }
    }
}
