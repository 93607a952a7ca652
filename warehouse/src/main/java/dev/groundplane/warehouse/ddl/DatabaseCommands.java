package dev.groundplane.warehouse.ddl;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.HistoryDatabase;
import dev.groundplane.warehouse.engine.SystemDatabase;
import dev.groundplane.warehouse.sql.Ddl;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code CREATE DATABASE} and {@code DROP DATABASE}. */
final class DatabaseCommands {
    /** "Redshift Database Developer Guide, CREATE DATABASE"; the name is a file's, too. */
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_$-]{0,126}");
    /** Names of the engine's own databases and schemas, and Redshift's databases. */
    private static final Set<String> RESERVED = Set.of(
            SystemDatabase.NAME,
            "memory",
            HistoryDatabase.NAME,
            "temp",
            "system",
            "template0",
            "template1",
            "padb_harvest",
            "awsdatacatalog",
            "public",
            "main",
            "groundplane",
            "functions",
            "catalog",
            "information",
            "information_schema",
            "pg_catalog");

    private final EngineSession engine;

    DatabaseCommands(DdlContext context) {
        this.engine = context.engine();
    }

    void create(Ddl.CreateDatabase create) throws SQLException {
        requireNoTransaction("CREATE DATABASE");
        var name = create.name();
        if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
            throw SqlFailure.of(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "database \"%s\" cannot have this name".formatted(name),
                    "Use letters, digits, underscores and hyphens, and none of "
                            + String.join(", ", RESERVED.stream().sorted().toList()) + ".");
        }
        requireNoSchema(name);
        try {
            if (!engine.databases().create(name)) {
                throw SqlFailure.of(SqlState.DUPLICATE_DATABASE, "database \"%s\" already exists".formatted(name));
            }
        } catch (IOException e) {
            throw new SQLException("the file of database \"%s\" cannot be made: %s".formatted(name, e), e);
        }
    }

    void drop(Ddl.Drop drop) throws SQLException {
        requireNoTransaction("DROP DATABASE");
        if (drop.names().size() > 1 || drop.names().getFirst().size() > 1) {
            throw SqlFailure.of(SqlState.SYNTAX_ERROR, "DROP DATABASE drops one database");
        }
        var name = drop.names().getFirst().getFirst();
        if (!engine.databases().exists(name)) {
            if (drop.ifExists()) {
                return;
            }
            throw SqlFailure.of(SqlState.INVALID_CATALOG_NAME, "database \"%s\" does not exist".formatted(name));
        }
        if (name.equals(engine.databases().standard())) {
            throw SqlFailure.of(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "database \"%s\" is the namespace's first and cannot be dropped".formatted(name));
        }
        if (name.equals(engine.database())) {
            throw SqlFailure.of(SqlState.OBJECT_IN_USE, "cannot drop the currently open database");
        }
        try {
            if (!engine.databases().drop(name)) {
                throw SqlFailure.of(
                        SqlState.OBJECT_IN_USE, "database \"%s\" is being accessed by other users".formatted(name));
            }
        } catch (IOException e) {
            throw new SQLException("the file of database \"%s\" cannot be removed: %s".formatted(name, e), e);
        }
    }

    /** The engine would not know what a name before a dot is. */
    private void requireNoSchema(String name) throws SQLException {
        var found =
                engine.rows("SELECT database_name FROM duckdb_schemas() WHERE lower(schema_name) = ? LIMIT 1", name);
        if (!found.isEmpty()) {
            throw SqlFailure.of(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "database \"%s\" cannot have this name: database \"%s\" has a schema of that name"
                            .formatted(name, found.getFirst().getFirst()),
                    "A name as in %s.t would mean both.".formatted(name));
        }
    }

    private void requireNoTransaction(String what) {
        if (engine.inTransaction()) {
            throw SqlFailure.of(
                    SqlState.ACTIVE_TRANSACTION, "%s cannot run inside a transaction block".formatted(what));
        }
    }
}
