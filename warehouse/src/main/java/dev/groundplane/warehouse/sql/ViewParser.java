package dev.groundplane.warehouse.sql;

import java.util.List;

/** {@code CREATE VIEW} and {@code CREATE MATERIALIZED VIEW}. */
final class ViewParser {
    private ViewParser() {}

    static Ddl create(TokenReader reader, Statement statement) {
        reader.expect("CREATE");
        var orReplace = reader.accept("OR", "REPLACE");
        if (reader.accept("MATERIALIZED", "VIEW")) {
            return materialized(reader, statement);
        }
        reader.expect("VIEW");
        var name = reader.qualifiedName();
        var columns = reader.sees("(") ? reader.names() : List.<String>of();
        reader.expect("AS");
        var query = reader.rest();
        var lateBinding = isLateBinding(query);
        return new Ddl.CreateView(
                name,
                orReplace,
                columns,
                lateBinding,
                statement.part(lateBinding ? query.subList(0, query.size() - 4) : query));
    }

    private static boolean isLateBinding(List<Token> query) {
        var end = new TokenReader(query.subList(Math.max(0, query.size() - 4), query.size()));
        return end.accept("WITH", "NO", "SCHEMA", "BINDING");
    }

    private static Ddl materialized(TokenReader reader, Statement statement) {
        var name = reader.qualifiedName();
        var options = CreateTableParser.options(reader, statement);
        if (reader.accept("AUTO", "REFRESH")) {
            if (reader.accept("YES")) {
                throw SqlFailure.unsupported("AUTO REFRESH YES");
            }
            reader.expect("NO");
        }
        reader.expect("AS");
        return new Ddl.CreateMaterializedView(name, options, statement.part(reader.rest()));
    }
}
