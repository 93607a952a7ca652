package dev.groundplane.warehouse.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code SHOW DATABASES}, {@code SCHEMAS}, {@code TABLES} and {@code COLUMNS} as queries of the system views. */
final class CatalogQuery {
    private final TokenReader reader;
    private final List<String> parameters;

    private CatalogQuery(TokenReader reader, List<String> parameters) {
        this.reader = reader;
        this.parameters = parameters;
    }

    /** Whether a statement is one of these. */
    static boolean isOne(Statement statement) {
        var reader = new TokenReader(statement.tokens());
        return reader.accept("SHOW")
                && (reader.sees("DATABASES")
                        || reader.sees("SCHEMAS", "FROM", "DATABASE")
                        || reader.sees("TABLES", "FROM", "SCHEMA")
                        || reader.sees("COLUMNS", "FROM", "TABLE"));
    }

    /**
     * The engine's query for a statement; empty when it is none of these.
     *
     * @param parameters literals for {@code $1}, {@code $2}, …
     */
    static Optional<String> of(Statement statement, List<String> parameters) {
        var reader = new TokenReader(statement.tokens());
        var query = new CatalogQuery(reader, parameters);
        if (reader.accept("SHOW", "DATABASES")) {
            reader.accept("FROM", "DATA", "CATALOG");
            return Optional.of(query.over(
                    "database_name, database_owner, database_type, database_acl, database_isolation_level",
                    "svv_redshift_databases",
                    List.of(),
                    "database_name",
                    "database_name"));
        }
        if (reader.accept("SHOW", "SCHEMAS", "FROM", "DATABASE")) {
            return Optional.of(query.over(
                    "database_name, schema_name, schema_owner, schema_type, schema_acl, source_database, schema_option",
                    "svv_all_schemas",
                    List.of("database_name"),
                    "schema_name",
                    "schema_name"));
        }
        if (reader.accept("SHOW", "TABLES", "FROM", "SCHEMA")) {
            return Optional.of(query.over(
                    "database_name, schema_name, table_name, table_type, table_acl, remarks",
                    "svv_all_tables",
                    List.of("database_name", "schema_name"),
                    "table_name",
                    "table_name"));
        }
        if (reader.accept("SHOW", "COLUMNS", "FROM", "TABLE")) {
            return Optional.of(query.over(
                    "database_name, schema_name, table_name, column_name, ordinal_position, column_default, is_nullable, "
                            + "data_type, character_maximum_length, numeric_precision, numeric_scale, remarks",
                    "svv_all_columns",
                    List.of("database_name", "schema_name", "table_name"),
                    "column_name",
                    "ordinal_position"));
        }
        return Optional.empty();
    }

    /**
     * @param scope the columns that the name in the statement is one of; those before it may be left out
     * @param named what LIKE is about
     */
    private String over(String columns, String view, List<String> scope, String named, String order) {
        var sql = new StringBuilder("SELECT %s FROM sys.catalog.%s WHERE true".formatted(columns, view));
        if (!scope.isEmpty()) {
            scope(sql, scope);
        }
        if (reader.accept("LIKE")) {
            sql.append(" AND ").append(named).append(" LIKE ").append(value());
        }
        sql.append(" ORDER BY ").append(order);
        if (reader.accept("LIMIT")) {
            sql.append(" LIMIT ").append(reader.number());
        }
        if (!reader.atEnd()) {
            throw reader.unexpected();
        }
        return sql.toString();
    }

    private void scope(StringBuilder sql, List<String> scope) {
        var names = new ArrayList<>(List.of(value()));
        while (reader.accept(".")) {
            names.add(value());
        }
        if (names.size() > scope.size()) {
            throw reader.unexpected();
        }
        var missing = scope.size() - names.size();
        for (var i = 0; i < scope.size(); i++) {
            var isDatabase = scope.get(i).equals("database_name");
            var value = i >= missing ? names.get(i - missing) : isDatabase ? "current_database()" : "current_schema()";
            sql.append(" AND ").append(scope.get(i)).append(" = ").append(value);
        }
    }

    /** A name, a string or a parameter as a literal. */
    private String value() {
        var token = reader.take();
        return switch (token.kind()) {
            case PARAMETER -> EngineSql.parameter(token, parameters);
            case STRING -> Names.literal(token.string());
            case WORD, QUOTED_NAME -> Names.literal(token.name());
            case NUMBER, SYMBOL ->
                throw SqlFailure.syntax("syntax error at or near \"%s\"".formatted(token.text()), token.start());
        };
    }
}
