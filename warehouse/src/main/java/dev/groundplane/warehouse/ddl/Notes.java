package dev.groundplane.warehouse.ddl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.warehouse.sql.ColumnClause.Identity;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.TableConstraint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the engine's catalog does not keep of its objects. It is in their comments, as JSON. */
final class Notes {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Notes() {}

    /**
     * Of a table or a view.
     *
     * @param comment that users gave it; null for none
     * @param distStyle EVEN, KEY, ALL or AUTO; null where nothing was said
     * @param view null for a table
     */
    record Relation(
            @Nullable String comment,
            @Nullable String distStyle,
            boolean interleaved,
            List<TableConstraint> constraints,
            @Nullable View view) {
        static final Relation NONE = new Relation(null, null, false, List.of(), null);

        Relation withComment(@Nullable String text) {
            return new Relation(text, distStyle, interleaved, constraints, view);
        }

        Relation withDistStyle(@Nullable String style) {
            return new Relation(comment, style, interleaved, constraints, view);
        }

        Relation withConstraints(List<TableConstraint> keys) {
            return new Relation(comment, distStyle, interleaved, keys, view);
        }

        Relation withView(View definition) {
            return new Relation(comment, distStyle, interleaved, constraints, definition);
        }
    }

    /**
     * How a view is defined.
     *
     * @param query in the engine's SQL, with the schemas of its tables
     * @param text as it was written
     * @param data the table with a materialized view's rows; null for other views
     */
    record View(
            String query,
            String text,
            List<String> columns,
            boolean lateBinding,
            @Nullable String data) {}

    /**
     * Of a column.
     *
     * @param comment that users gave it; null for none
     * @param encoding null where nothing was said
     * @param sortKey its place among the sort keys, from 1; 0 for none
     * @param identity null for none
     */
    record Column(
            @Nullable String comment,
            @Nullable String encoding,
            boolean distKey,
            int sortKey,
            @Nullable Identity identity) {
        static final Column NONE = new Column(null, null, false, 0, null);

        Column withComment(@Nullable String text) {
            return new Column(text, encoding, distKey, sortKey, identity);
        }

        Column withEncoding(@Nullable String name) {
            return new Column(comment, name, distKey, sortKey, identity);
        }

        Column withDistKey(boolean is) {
            return new Column(comment, encoding, is, sortKey, identity);
        }

        Column withSortKey(int place) {
            return new Column(comment, encoding, distKey, place, identity);
        }

        Column withIdentity(@Nullable Identity other) {
            return new Column(comment, encoding, distKey, sortKey, other);
        }
    }

    static Relation relation(@Nullable String comment) {
        return comment == null ? Relation.NONE : read(comment, Relation.class);
    }

    static Column column(@Nullable String comment) {
        return comment == null ? Column.NONE : read(comment, Column.class);
    }

    private static <T> T read(String comment, Class<T> type) {
        try {
            return JSON.readValue(comment, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the catalog has a comment that is none of ours: " + comment, e);
        }
    }

    /** The comment as a literal of the engine. */
    static String literal(Object notes) {
        if (notes.equals(Relation.NONE) || notes.equals(Column.NONE)) {
            return "NULL";
        }
        try {
            return Names.literal(JSON.writeValueAsString(notes));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
