package dev.groundplane.warehouse.access;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.engine.HistoryDatabase;
import dev.groundplane.warehouse.engine.SystemDatabase;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the tables and views that names stand for, as the engine finds them. For one session. */
final class Relations {
    /** The engine's own. */
    static final String ENGINE = "system";
    /** The database of the session's own tables. */
    static final String TEMPORARY = "temp";

    /** Databases that are nobody's; the last one is the engine's first, which is empty. */
    private static final Set<String> NOBODYS =
            Set.of(SystemDatabase.NAME, ENGINE, TEMPORARY, "memory", HistoryDatabase.NAME);

    private final EngineSession engine;

    Relations(EngineSession engine) {
        this.engine = engine;
    }

    /** @param view its query in the engine's SQL; null for a table, and for a view whose rows are kept */
    record Relation(
            String database,
            String schema,
            String name,
            @Nullable String view) {
        boolean isTemporary() {
            return database.equals(TEMPORARY);
        }

        /** Whether it is one of the warehouse's own that everybody may read. */
        boolean isForAll() {
            return (database.equals(SystemDatabase.NAME) && !schema.equals(HiddenSchema.NAME))
                    || (database.equals(ENGINE) && schema.equals("information_schema"));
        }

        boolean isNobodys() {
            return NOBODYS.contains(database) || schema.equals(HiddenSchema.NAME) || schema.equals(HiddenSchema.MAIN);
        }

        Target target() {
            return Target.relation(database, schema, name);
        }
    }

    /** @return whether a schema is one that users make and use */
    boolean isOrdinary(String database, String schema) {
        return !NOBODYS.contains(lower(database))
                && !schema.equals(HiddenSchema.NAME)
                && !schema.equals(HiddenSchema.MAIN);
    }

    /**
     * Refuses to change what is in a database that follows a source: its rows and tables are the source's.
     *
     * @throws SqlFailure when the database follows one
     */
    void requireChangeable(String database) {
        if (engine.databases().isFollowing(database)) {
            throw SqlFailure.of(
                    SqlState.READ_ONLY_SQL_TRANSACTION,
                    "database \"%s\" is read-only: it follows an integration".formatted(database));
        }
    }

    /**
     * What a name stands for in a statement of the session; several where it cannot be told which of them the engine takes.
     *
     * @throws SqlFailure when there is none
     */
    List<Relation> require(List<String> path) throws SQLException {
        var found = find(path, null);
        if (found.isEmpty()) {
            throw missing(path);
        }
        return found;
    }

    /**
     * What a name in a view's definition stands for; several where it cannot be told which of them the engine takes.
     *
     * @throws SqlFailure when there is none
     */
    List<Relation> requireIn(Relation view, List<String> path) throws SQLException {
        var found = find(path, view);
        if (found.isEmpty()) {
            throw missing(path);
        }
        return found;
    }

    private static SqlFailure missing(List<String> path) {
        return SqlFailure.of(
                SqlState.UNDEFINED_TABLE, "relation \"%s\" does not exist".formatted(String.join(".", path)));
    }

    /** The same, and nothing where there is none. */
    List<Relation> find(List<String> path, @Nullable Relation view) throws SQLException {
        var all = named(path.getLast());
        return switch (path.size()) {
            case 1 -> unqualified(all, view);
            case 2 ->
                all.stream()
                        .filter(one -> (one.schema().equals(lower(path.getFirst())) && isNear(one, view))
                                || one.database().equalsIgnoreCase(path.getFirst()))
                        .toList();
            default -> in(all, path.getFirst(), path.get(1));
        };
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private boolean isNear(Relation relation, @Nullable Relation view) {
        return relation.database().equals(engine.database())
                || NOBODYS.contains(relation.database())
                || (view != null && relation.database().equals(view.database()));
    }

    private List<Relation> unqualified(List<Relation> all, @Nullable Relation view) {
        var near = new LinkedHashSet<Relation>();
        all.stream().filter(Relation::isTemporary).forEach(near::add);
        if (view != null) {
            all.stream()
                    .filter(one -> one.database().equals(view.database())
                            && (one.schema().equals(view.schema())
                                    || one.schema().equals(HiddenSchema.MAIN)))
                    .forEach(near::add);
        }
        for (var schema : engine.path()) {
            in(all, engine.database(), schema).forEach(near::add);
        }
        in(all, engine.database(), HiddenSchema.MAIN).forEach(near::add);
        if (!near.isEmpty()) {
            // A view's definition is bound with its own schema's names and the session's: which comes first, the engine
            // decides.
            return view == null ? List.of(near.getFirst()) : List.copyOf(near);
        }
        for (var database : List.of(SystemDatabase.NAME, ENGINE, "memory")) {
            all.stream().filter(one -> one.database().equals(database)).forEach(near::add);
            if (!near.isEmpty()) {
                return List.of(near.getFirst());
            }
        }
        return List.of();
    }

    private static List<Relation> in(List<Relation> all, String database, String schema) {
        return all.stream()
                .filter(one -> one.database().equalsIgnoreCase(database)
                        && one.schema().equals(lower(schema)))
                .toList();
    }

    /** By this name, in any case. */
    private record Named(String name) {}

    private record ColumnsOf(Relation relation) {}

    private List<Relation> named(String name) throws SQLException {
        return engine.known(new Named(lower(name)), () -> findNamed(name));
    }

    private List<Relation> findNamed(String name) throws SQLException {
        try (var statement = engine.prepare("""
                SELECT database_name, schema_name, table_name, NULL FROM duckdb_tables() WHERE lower(table_name) = ?
                UNION ALL
                SELECT database_name, schema_name, view_name,
                    CASE WHEN comment->>'$.view.data' IS NULL THEN comment->>'$.view.query' END
                FROM duckdb_views() WHERE lower(view_name) = ?""")) {
            statement.setString(1, lower(name));
            statement.setString(2, lower(name));
            var all = new ArrayList<Relation>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    all.add(new Relation(
                            rows.getString(1), lower(rows.getString(2)), lower(rows.getString(3)), rows.getString(4)));
                }
            }
            return List.copyOf(all);
        }
    }

    /** The query of a materialized view, in the engine's SQL; empty for other relations. */
    Optional<String> keptQuery(Relation relation) throws SQLException {
        return engine
                .rows(
                        "SELECT comment->>'$.view.query' FROM duckdb_views() WHERE comment->>'$.view.data' IS NOT NULL"
                                + " AND database_name = ? AND lower(schema_name) = ? AND lower(view_name) = ?",
                        relation.database(),
                        relation.schema(),
                        relation.name())
                .stream()
                .map(row -> Objects.requireNonNull(row.getFirst()))
                .findFirst();
    }

    /** All tables and views of a schema. */
    List<Relation> allIn(String database, String schema) throws SQLException {
        try (var statement = engine.prepare("""
                SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND lower(schema_name) = ?
                UNION ALL SELECT view_name FROM duckdb_views() WHERE database_name = ? AND lower(schema_name) = ?""")) {
            for (var i = 0; i < 2; i++) {
                statement.setString(2 * i + 1, database);
                statement.setString(2 * i + 2, schema);
            }
            var all = new ArrayList<Relation>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    all.add(new Relation(database, schema, lower(rows.getString(1)), null));
                }
            }
            return all;
        }
    }

    /** The names of a relation's columns. */
    Set<String> columns(Relation relation) throws SQLException {
        return engine.known(new ColumnsOf(relation), () -> findColumns(relation));
    }

    private Set<String> findColumns(Relation relation) throws SQLException {
        try (var statement = engine.prepare("SELECT column_name FROM duckdb_columns()"
                + " WHERE database_name = ? AND lower(schema_name) = ? AND lower(table_name) = ?")) {
            statement.setString(1, relation.database());
            statement.setString(2, relation.schema());
            statement.setString(3, relation.name());
            var names = new LinkedHashSet<String>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    names.add(Names.folded(rows.getString(1)));
                }
            }
            return Set.copyOf(names);
        }
    }

    /** The columns of a table in their order, with the engine's types. */
    Map<String, String> columnTypes(Target table) throws SQLException {
        var types = new LinkedHashMap<String, String>();
        for (var row : engine.rows(
                "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ? AND lower(schema_name) = ?"
                        + " AND lower(table_name) = ? ORDER BY column_index",
                table.database(),
                table.schema(),
                table.name())) {
            types.put(Objects.requireNonNull(row.getFirst()), Objects.requireNonNull(row.getLast()));
        }
        return types;
    }

    /** The names that a view's definition gives its columns; none where its query names them. */
    List<String> viewColumns(Relation view) throws SQLException {
        return engine
                .rows(
                        "SELECT unnest(from_json(comment->'$.view.columns', '[\"VARCHAR\"]')) FROM duckdb_views()"
                                + " WHERE database_name = ? AND lower(schema_name) = ? AND lower(view_name) = ?",
                        view.database(),
                        view.schema(),
                        view.name())
                .stream()
                .map(row -> Objects.requireNonNull(row.getFirst()))
                .toList();
    }

    /** The materialized views of a database. */
    List<Relation> keptViews(String database) throws SQLException {
        return engine
                .rows(
                        "SELECT lower(schema_name), lower(view_name) FROM duckdb_views() WHERE database_name = ?"
                                + " AND comment->>'$.view.data' IS NOT NULL",
                        database)
                .stream()
                .map(row -> new Relation(
                        database, Objects.requireNonNull(row.getFirst()), Objects.requireNonNull(row.getLast()), null))
                .toList();
    }

    /**
     * The schema of a name.
     *
     * @param path {@code schema} or {@code database.schema}
     * @throws SqlFailure when there is none, or none that is anybody's
     */
    Target requireSchema(List<String> path) throws SQLException {
        if (path.size() > 2) {
            throw SqlFailure.of(
                    SqlState.SYNTAX_ERROR,
                    "improper qualified name (too many dotted names): %s".formatted(String.join(".", path)));
        }
        var database = database(path);
        var schema = path.getLast();
        if (!isOrdinary(database, schema)) {
            throw SqlFailure.of(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for schema " + schema);
        }
        if (!schemaExists(database, schema)) {
            throw SqlFailure.of(SqlState.INVALID_SCHEMA_NAME, "schema \"%s\" does not exist".formatted(schema));
        }
        return Target.schema(database, schema);
    }

    /**
     * The name of a database, in lower case.
     *
     * @throws SqlFailure when there is none
     */
    String requireDatabase(String name) {
        if (NOBODYS.contains(lower(name)) || !engine.databases().exists(lower(name))) {
            throw SqlFailure.of(SqlState.INVALID_CATALOG_NAME, "database \"%s\" does not exist".formatted(name));
        }
        return lower(name);
    }

    private boolean schemaExists(String database, String schema) throws SQLException {
        return !engine.rows(
                        "SELECT 1 FROM duckdb_schemas() WHERE lower(database_name) = ? AND lower(schema_name) = ?",
                        lower(database),
                        schema)
                .isEmpty();
    }

    /** Where a new relation of a name will be. */
    Target place(List<String> path) throws SQLException {
        var schema = path.size() == 1 ? currentSchema() : requireSchema(path.subList(0, path.size() - 1));
        return Target.relation(schema.database(), schema.schema(), path.getLast());
    }

    /** Where a new temporary relation of a name will be. */
    Target temporary(String name) {
        return Target.relation(TEMPORARY, HiddenSchema.MAIN, name);
    }

    /** The first of the session's schemas that is there still. */
    private Target currentSchema() throws SQLException {
        for (var schema : engine.path()) {
            if (isOrdinary(engine.database(), schema) && schemaExists(engine.database(), schema)) {
                return Target.schema(engine.database(), schema);
            }
        }
        throw SqlFailure.of(SqlState.INVALID_SCHEMA_NAME, "no schema has been selected to create in");
    }

    /** The database of a schema's name. */
    String database(List<String> schema) {
        return schema.size() > 1 ? schema.get(schema.size() - 2) : engine.database();
    }

    /** Whether a relation is there. */
    boolean isThere(Target relation) throws SQLException {
        return !in(named(relation.name()), relation.database(), relation.schema())
                .isEmpty();
    }

    /** Whether a name without a schema is that of one of the warehouse's own views. */
    boolean isSystemName(String name) throws SQLException {
        return named(name).stream().anyMatch(one -> one.isForAll() && SystemDatabase.SCHEMAS.contains(one.schema()));
    }
}
