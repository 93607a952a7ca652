package dev.groundplane.warehouse.ddl;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.HiddenSchema;
import dev.groundplane.warehouse.sql.Ddl.Kind;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds what names stand for. */
final class Relations {
    private static final String ALL = """
            SELECT database_name, schema_name, table_name AS name, false AS is_view, comment
            FROM duckdb_tables() WHERE NOT internal AND database_name IN (current_database(), 'temp')
            UNION ALL
            SELECT database_name, schema_name, view_name, true, comment
            FROM duckdb_views() WHERE NOT internal AND database_name IN (current_database(), 'temp')""";

    private final EngineSession engine;
    private final List<String> searchPath;

    Relations(DdlContext context) {
        this(context.engine(), context.searchPath());
    }

    Relations(EngineSession engine, List<String> searchPath) {
        this.engine = engine;
        this.searchPath = searchPath;
    }

    /** What a name stands for now; empty for nothing. */
    Optional<Relation> find(List<String> name) throws SQLException {
        var schema = name.size() == 1 ? null : name.get(name.size() - 2);
        requireOwnDatabase(name);
        return named(name.getLast()).stream()
                .filter(relation -> schema == null ? place(relation) >= 0 : isIn(relation, schema))
                .min(Comparator.comparingInt(this::place));
    }

    private List<Relation> named(String name) throws SQLException {
        return relations("SELECT * FROM (%s) WHERE name = ?".formatted(ALL), name);
    }

    private static boolean isIn(Relation relation, String schema) {
        return !relation.isTemporary()
                && !schema.equals(HiddenSchema.MAIN)
                && relation.schema().equals(schema);
    }

    /** Where a relation comes in the search path; negative for nowhere. A session's own come first. */
    private int place(Relation relation) {
        if (relation.isTemporary()) {
            return 0;
        }
        var place = searchPath.indexOf(relation.schema());
        return place < 0 ? -1 : place + 1;
    }

    /** All tables and views of the database. */
    List<Relation> all() throws SQLException {
        return relations("SELECT * FROM (%s) WHERE database_name = current_database()".formatted(ALL)).stream()
                .filter(relation -> !relation.schema().equals(HiddenSchema.MAIN))
                .toList();
    }

    private List<Relation> relations(String sql, String... parameters) throws SQLException {
        var relations = new ArrayList<Relation>();
        for (var row : engine.rows(sql, parameters)) {
            relations.add(new Relation(
                    text(row.get(0)),
                    text(row.get(1)),
                    text(row.get(2)),
                    "true".equals(row.get(3)),
                    Notes.relation(row.get(4))));
        }
        return relations;
    }

    private static String text(@Nullable String value) {
        return Objects.requireNonNull(value);
    }

    /**
     * What a name stands for, which is of a kind.
     *
     * @throws SqlFailure 42P01 when there is nothing of that name, 42809 when it is of another kind
     */
    Relation require(List<String> name, Kind kind) throws SQLException {
        var relation = require(name);
        if (relation.kind() != kind) {
            throw wrongKind(relation, kind);
        }
        return relation;
    }

    /** @throws SqlFailure 42P01 when there is nothing of that name */
    Relation require(List<String> name) throws SQLException {
        return find(name).orElseThrow(() -> missing(name));
    }

    static SqlFailure missing(List<String> name) {
        return SqlFailure.of(
                SqlState.UNDEFINED_TABLE, "relation \"%s\" does not exist".formatted(String.join(".", name)));
    }

    static SqlFailure wrongKind(Relation relation, Kind kind) {
        return SqlFailure.of(
                SqlState.WRONG_OBJECT_TYPE,
                "\"%s\" is not a %s".formatted(relation.name(), kind.words()),
                "It is a %s.".formatted(relation.kind().words()));
    }

    /**
     * Where something new of this name is made; there is nothing yet.
     *
     * @throws SqlFailure when its schema does not exist
     */
    Relation place(List<String> name, boolean temporary) throws SQLException {
        requireOwnDatabase(name);
        if (temporary) {
            if (name.size() > 1) {
                throw SqlFailure.of(
                        SqlState.INVALID_TABLE_DEFINITION,
                        "temporary table \"%s\" has no schema to be in".formatted(String.join(".", name)));
            }
            return new Relation("temp", HiddenSchema.MAIN, name.getLast(), false, Notes.Relation.NONE);
        }
        var schema = name.size() == 1 ? currentSchema() : name.get(name.size() - 2);
        if (!schemaExists(schema)) {
            throw SqlFailure.of(SqlState.INVALID_SCHEMA_NAME, "schema \"%s\" does not exist".formatted(schema));
        }
        return new Relation(engine.database(), schema, name.getLast(), false, Notes.Relation.NONE);
    }

    /** @throws SqlFailure 42P07 when there is something in this place */
    void requireFree(Relation place) throws SQLException {
        if (at(place).isPresent()) {
            throw SqlFailure.of(SqlState.DUPLICATE_TABLE, "relation \"%s\" already exists".formatted(place.name()));
        }
    }

    /** What is in a place; empty for nothing. */
    Optional<Relation> at(Relation place) throws SQLException {
        return named(place.name()).stream()
                .filter(relation -> relation.database().equals(place.database())
                        && relation.schema().equals(place.schema()))
                .findFirst();
    }

    private String currentSchema() throws SQLException {
        for (var schema : searchPath) {
            if (schemaExists(schema)) {
                return schema;
            }
        }
        throw SqlFailure.of(SqlState.INVALID_SCHEMA_NAME, "no schema has been selected to create in");
    }

    /** Whether users have such a schema. */
    boolean schemaExists(String schema) throws SQLException {
        return !schema.equals(HiddenSchema.MAIN)
                && !engine.rows(
                                "SELECT 1 FROM duckdb_schemas() WHERE NOT internal AND schema_name = ? "
                                        + "AND database_name = current_database()",
                                schema)
                        .isEmpty();
    }

    private void requireOwnDatabase(List<String> name) {
        if (name.size() > 3) {
            throw SqlFailure.of(
                    SqlState.SYNTAX_ERROR,
                    "improper qualified name (too many dotted names): %s".formatted(String.join(".", name)));
        }
        if (name.size() == 3 && !name.getFirst().equals(engine.database())) {
            throw SqlFailure.unsupported(
                    "a definition in database \"%s\" from within \"%s\"".formatted(name.getFirst(), engine.database()));
        }
    }
}
