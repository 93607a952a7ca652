package dev.groundplane.warehouse.sql;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Statements that define, change and look after objects, as Redshift writes them. Names of objects are given with the names
 * before them, as written.
 */
public sealed interface Ddl {
    /** What a statement is about. */
    enum Kind {
        TABLE("table"),
        VIEW("view"),
        MATERIALIZED_VIEW("materialized view"),
        SCHEMA("schema"),
        DATABASE("database"),
        COLUMN("column");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** As statements call it. */
        public String sql() {
            return words.toUpperCase(Locale.ROOT);
        }

        /** As messages call it. */
        public String words() {
            return words;
        }
    }

    /** @param likes tables whose columns come before the others */
    record CreateTable(
            List<String> name,
            boolean temporary,
            boolean ifNotExists,
            List<Like> likes,
            List<ColumnClause> columns,
            List<TableConstraint> constraints,
            TableOptions options)
            implements Ddl {}

    /** {@code LIKE table} in the place of a column */
    record Like(List<String> table, boolean withDefaults) {}

    /** @param columns their names; empty for those of the query */
    record CreateTableAs(
            List<String> name, boolean temporary, List<String> columns, TableOptions options, Statement query)
            implements Ddl {}

    /** @param columns their names; empty for those of the query */
    record CreateView(List<String> name, boolean orReplace, List<String> columns, boolean lateBinding, Statement query)
            implements Ddl {}

    /** A view whose rows are kept. */
    record CreateMaterializedView(List<String> name, TableOptions options, Statement query) implements Ddl {}

    /** Brings a materialized view up to date. */
    record RefreshMaterializedView(List<String> name) implements Ddl {}

    /** ALTER TABLE, which views are renamed by, too. */
    record AlterTable(List<String> name, Alteration alteration) implements Ddl {}

    /** What becomes of a table. */
    sealed interface Alteration {
        record RenameTo(String name) implements Alteration {}

        record RenameColumn(String column, String name) implements Alteration {}

        record AddColumn(ColumnClause column) implements Alteration {}

        record DropColumn(String column, boolean cascade) implements Alteration {}

        record ChangeType(String column, ColumnType type) implements Alteration {}

        /** Encodings by column; null for the one that the warehouse chooses. */
        record Encode(List<ColumnEncoding> encodings) implements Alteration {}

        /** @param encoding null for the one that the warehouse chooses */
        record ColumnEncoding(String column, @Nullable String encoding) {}

        /** {@code ALTER ENCODE AUTO} */
        record EncodeAuto() implements Alteration {}

        record Distribute(String style, @Nullable String key) implements Alteration {}

        /** @param columns empty for none */
        record Sort(List<String> columns) implements Alteration {}

        record AddConstraint(TableConstraint constraint) implements Alteration {}

        record DropConstraint(String name) implements Alteration {}
    }

    /** DROP of one or more objects of a kind. */
    record Drop(Kind kind, boolean ifExists, List<List<String>> names, boolean cascade) implements Ddl {}

    record Truncate(List<String> table) implements Ddl {}

    record CreateSchema(
            String name, boolean ifNotExists, @Nullable String owner) implements Ddl {}

    /** @param integration that the database follows; null for one of users' own */
    record CreateDatabase(
            String name, @Nullable String owner, @Nullable Integration integration) implements Ddl {}

    /**
     * {@code FROM INTEGRATION}
     *
     * @param database of the source; null for the one that its server always has
     */
    record Integration(String id, @Nullable String database) {}

    /**
     * {@code ALTER DATABASE … INTEGRATION REFRESH}: rows are copied again.
     *
     * @param tables their schemas and names; empty for those of a schema, or all
     * @param schema null for all schemas
     * @param failed whether only tables that are not followed any more
     */
    record RefreshIntegration(
            String database,
            List<List<String>> tables,
            @Nullable String schema,
            boolean failed) implements Ddl {}

    /** @param text null for none any more */
    record CommentOn(Kind kind, List<String> name, @Nullable String text) implements Ddl {}

    /** @param table empty for all of the database */
    record Vacuum(List<String> table) implements Ddl {}

    /** @param table empty for all of the database */
    record Analyze(List<String> table, List<String> columns) implements Ddl {}

    /** SHOW TABLE and SHOW VIEW: the statement that would make the object. */
    record ShowDefinition(Kind kind, List<String> name) implements Ddl {}
}
