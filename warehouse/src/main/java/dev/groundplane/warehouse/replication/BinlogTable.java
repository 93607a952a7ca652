package dev.groundplane.warehouse.replication;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.warehouse.replication.binlog.ColumnReader;
import dev.groundplane.warehouse.replication.binlog.DeclaredType;
import dev.groundplane.warehouse.replication.binlog.LogTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the definition of a table has besides what every source's has, see {@link BinlogCatalog}.
 *
 * @param hindrance why it cannot be followed; null when nothing of it alone hinders
 */
record BinlogTable(List<Column> columns, @Nullable String hindrance) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A column.
     *
     * @param declared its type in the source's words
     * @param charset of its characters; null when it has none
     */
    record Column(String name, String declared, @Nullable String charset) {}

    static BinlogTable of(SourceTable table) {
        try {
            var definition = JSON.readTree(table.definition());
            return new BinlogTable(
                    StreamSupport.stream(definition.path("columns").spliterator(), false)
                            .map(column -> new Column(
                                    column.path("name").asText(),
                                    column.path("declared").asText(),
                                    column.path("charset").textValue()))
                            .toList(),
                    definition.path("hindrance").textValue());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no definition of a table: " + table.definition(), e);
        }
    }

    /** What reads rows of the log; empty when these are of other columns than the table has. */
    Optional<List<ColumnReader>> readers(LogTable log, BinlogCharacters characters) {
        if (!log.names().equals(columns.stream().map(Column::name).toList())) {
            return Optional.empty();
        }
        var readers = new ArrayList<ColumnReader>();
        for (var i = 0; i < columns.size(); i++) {
            var column = columns.get(i);
            var reader = DeclaredType.of(column.declared()).reader(log.types().get(i), characters.of(column.charset()));
            if (reader.isEmpty()) {
                return Optional.empty();
            }
            readers.add(reader.get());
        }
        return Optional.of(List.copyOf(readers));
    }
}
