package dev.groundplane.warehouse.replication;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.warehouse.replication.binlog.DeclaredType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of the source at one moment of its log.
 *
 * @param id in the source's catalog; it stays when the table is renamed
 * @param key the names of the columns that tell rows apart; empty when nothing does
 * @param partitions those that have its rows, in order; empty when it has them itself
 * @param definition what it was read from, see {@code definition.sql} and {@link BinlogCatalog}
 */
record SourceTable(
        int id,
        String schema,
        String name,
        List<Column> columns,
        List<String> key,
        List<Integer> partitions,
        String definition) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A column.
     *
     * @param number in the source's catalog; it stays when the column is renamed
     * @param initial what rows have that were there before the column was, as PostgreSQL's text
     */
    record Column(
            int number,
            String name,
            SourceType type,
            @Nullable String initial) {}

    /** The table of a definition. */
    static SourceTable of(String definition) {
        try {
            return of(JSON.readTree(definition));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no definition of a table: " + definition, e);
        }
    }

    /** The table of a definition. */
    static SourceTable of(JsonNode definition) {
        var key = new ArrayList<String>();
        definition.path("key").forEach(column -> key.add(column.asText()));
        var columns = new ArrayList<Column>();
        for (var column : definition.path("columns")) {
            columns.add(new Column(
                    column.path("number").intValue(),
                    column.path("name").asText(),
                    type(column, key),
                    column.path("initial").textValue()));
        }
        var partitions = new ArrayList<Integer>();
        definition.path("partitions").forEach(partition -> partitions.add((int) partition.longValue()));
        return new SourceTable(
                (int) definition.path("id").longValue(),
                definition.path("schema").asText(),
                definition.path("name").asText(),
                List.copyOf(columns),
                List.copyOf(key),
                List.copyOf(partitions),
                definition.toString());
    }

    private static SourceType type(JsonNode column, List<String> key) {
        if (column.has("declared")) { // as MariaDB and MySQL have it
            return BinlogType.of(
                            DeclaredType.of(column.path("declared").asText()),
                            key.contains(column.path("name").asText()))
                    .orElse(SourceType.TEXT); // it is not followed
        }
        var element = column.path("element").intValue();
        return element == 0
                ? SourceType.of(
                        column.path("type").intValue(), column.path("modifier").intValue())
                : SourceType.arrayOf(element);
    }

    /** Whether both have the same schema and name. */
    boolean isNamedAs(SourceTable other) {
        return schema.equals(other.schema) && name.equals(other.name);
    }

    /** Whether both have the same name, key, partitions and columns, with their types. */
    boolean isShapedAs(SourceTable other) {
        return isNamedAs(other)
                && key.equals(other.key)
                && partitions.equals(other.partitions)
                && shape().equals(other.shape());
    }

    private List<Column> shape() {
        return columns.stream()
                .map(column -> new Column(column.number(), column.name(), column.type(), null))
                .toList();
    }

    /** The columns' names. */
    List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    /** The places of the key's columns. */
    int[] keyPlaces() {
        var names = names();
        return key.stream().mapToInt(names::indexOf).toArray();
    }
}
