package dev.groundplane.warehouse.engine;

import java.sql.SQLException;
import java.sql.Statement;

/** The schema in each database that users' statements cannot reach, with the warehouse's own tables about what is in it. */
public final class HiddenSchema {
    /** Also the name of a schema in the system database, for the same. */
    public static final String NAME = "groundplane";

    /**
     * The schema that each of the engine's databases has by itself: sequences and the rows of materialized views are there. Nobody
     * is shown it or may make or change anything there.
     */
    public static final String MAIN = "main";

    private HiddenSchema() {}

    /** Makes it in a database where it is not there yet. Everybody may use the schema public, as in Redshift. */
    static void make(Statement statement, String database) throws SQLException {
        var schema = Names.quote(database) + "." + NAME;
        statement.execute("CREATE SCHEMA IF NOT EXISTS " + schema);
        try (var found = statement.executeQuery(
                "SELECT 1 FROM duckdb_tables() WHERE database_name = '%s' AND schema_name = '%s' AND table_name = 'object_owner'"
                        .formatted(database.replace("'", "''"), NAME))) {
            if (found.next()) {
                return;
            }
        }
        statement.execute("BEGIN");
        var definitions = """
            CREATE TABLE %1$s.object_owner(kind VARCHAR, schema_name VARCHAR, object_name VARCHAR, owner INTEGER);
            CREATE TABLE %1$s.object_privilege(kind VARCHAR, schema_name VARCHAR, object_name VARCHAR, column_name VARCHAR,
                privilege VARCHAR, grantee_kind VARCHAR, grantee INTEGER, grantor INTEGER, grant_option BOOLEAN);
            CREATE TABLE %1$s.default_privilege(owner INTEGER, schema_name VARCHAR, privilege VARCHAR, grantee_kind VARCHAR,
                grantee INTEGER, grant_option BOOLEAN);
            INSERT INTO %1$s.object_privilege VALUES
                ('database', '', '', '', 'temp', 'public', 0, 100, false),
                ('schema', 'public', '', '', 'usage', 'public', 0, 100, false),
                ('schema', 'public', '', '', 'create', 'public', 0, 100, false)""".formatted(schema);
        for (var definition : definitions.split(";\n")) {
            statement.execute(definition);
        }
        statement.execute("COMMIT");
    }
}
