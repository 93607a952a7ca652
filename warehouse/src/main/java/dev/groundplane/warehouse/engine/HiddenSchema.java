package dev.groundplane.warehouse.engine;

import dev.groundplane.warehouse.sql.Names;
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
        makePolicies(statement, schema);
        makeCopyJobs(statement, schema);
        try (var found = statement.executeQuery(
                "SELECT 1 FROM duckdb_tables() WHERE database_name = %s AND schema_name = '%s' AND table_name = 'object_owner'"
                        .formatted(Names.literal(database), NAME))) {
            if (found.next()) {
                return;
            }
        }
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
        var connection = statement.getConnection();
        statement.execute("BEGIN");
        try {
            for (var definition : definitions.split(";\n")) {
                statement.execute(definition);
            }
            statement.execute("COMMIT");
        } catch (SQLException e) {
            // Others work on this connection afterwards. The statement is closed: it failed.
            try (var rollback = connection.createStatement()) {
                rollback.execute("ROLLBACK");
            } catch (SQLException ended) { // with a commit that failed
                e.addSuppressed(ended);
            }
            throw e;
        }
    }

    /** Databases of older versions have none. */
    private static void makePolicies(Statement statement, String schema) throws SQLException {
        var definitions = """
            CREATE TABLE IF NOT EXISTS %1$s.policy(policy_kind VARCHAR, name VARCHAR, alias VARCHAR, parameters VARCHAR,
                text VARCHAR, parts VARCHAR, modified_by INTEGER, modified TIMESTAMP);
            CREATE TABLE IF NOT EXISTS %1$s.policy_attachment(policy_kind VARCHAR, policy VARCHAR, kind VARCHAR, schema_name VARCHAR,
                object_name VARCHAR, grantee_kind VARCHAR, grantee INTEGER, grantor INTEGER, priority INTEGER, outputs VARCHAR,
                inputs VARCHAR);
            CREATE TABLE IF NOT EXISTS %1$s.policy_relation(kind VARCHAR, schema_name VARCHAR, object_name VARCHAR, is_on BOOLEAN,
                conjunction VARCHAR);
            CREATE TABLE IF NOT EXISTS %1$s.policy_permission(permission VARCHAR, role INTEGER)""".formatted(schema);
        for (var definition : definitions.split(";\n")) {
            statement.execute(definition);
        }
    }

    /** A file's row commits with what is loaded of it, so a file that has one is not loaded again. */
    private static void makeCopyJobs(Statement statement, String schema) throws SQLException {
        var definitions = """
            CREATE TABLE IF NOT EXISTS %1$s.copy_job(id BIGINT, name VARCHAR, owner INTEGER, iam_role VARCHAR, schema_name VARCHAR,
                table_name VARCHAR, source VARCHAR, job_text VARCHAR, is_auto BOOLEAN);
            CREATE TABLE IF NOT EXISTS %1$s.copy_job_file(job BIGINT, name VARCHAR, bytes BIGINT, etag VARCHAR, modified TIMESTAMP,
                enqueued TIMESTAMP, state VARCHAR);
            CREATE TABLE IF NOT EXISTS %1$s.copy_job_message(job BIGINT, recorded TIMESTAMP, message VARCHAR)""".formatted(schema);
        for (var definition : definitions.split(";\n")) {
            statement.execute(definition);
        }
    }
}
