package dev.groundplane.warehouse.sql;

import java.util.List;

/**
 * A key of a table. As in Redshift it is told to planners and tools and not enforced.
 *
 * @param name empty until the table's name gives it one
 * @param table that a foreign key refers to, first as written, then with its schema; empty for other kinds
 * @param referred columns of that table; empty for its primary key
 */
public record TableConstraint(Kind kind, String name, List<String> columns, List<String> table, List<String> referred) {
    /** The kinds of keys, with the ending that PostgreSQL gives their names. */
    public enum Kind {
        PRIMARY_KEY("PRIMARY KEY", "pkey"),
        UNIQUE("UNIQUE", "key"),
        FOREIGN_KEY("FOREIGN KEY", "fkey");

        private final String sql;
        private final String ending;

        Kind(String sql, String ending) {
            this.sql = sql;
            this.ending = ending;
        }

        /** As in a definition. */
        public String sql() {
            return sql;
        }
    }

    /** The same with the name that it has in a table. */
    public TableConstraint named(String tableName) {
        if (!name.isEmpty()) {
            return this;
        }
        var middle = kind == Kind.PRIMARY_KEY ? "" : "_" + String.join("_", columns);
        return new TableConstraint(kind, tableName + middle + "_" + kind.ending, columns, table, referred);
    }

    /** The same with another table to refer to. */
    public TableConstraint withTable(String schema, String tableName) {
        return new TableConstraint(kind, name, columns, List.of(schema, tableName), referred);
    }

    /** Whether it refers to a table. */
    public boolean refersTo(String schema, String tableName) {
        return table.equals(List.of(schema, tableName));
    }
}
