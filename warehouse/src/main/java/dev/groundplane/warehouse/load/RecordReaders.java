package dev.groundplane.warehouse.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.CopyCommand;
import dev.groundplane.warehouse.sql.CopyFormat;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.storage.S3Location;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Opens files of a command's format. */
@FunctionalInterface
interface RecordReaders {
    /** @param content stays the caller's to close */
    RecordReader open(InputStream content) throws IOException;

    /**
     * Those of a command's format.
     *
     * @param files for a file with JSONPath expressions
     * @throws SqlFailure when the format does not fit to the table
     */
    static RecordReaders of(CopyCommand command, TargetTable table, SourceFiles files) {
        var skipped = command.skippedLines();
        return switch (command.format()) {
            case CopyFormat.Delimited delimited ->
                content -> new DelimitedRecords(new Lines(content, skipped), delimited);
            case CopyFormat.Csv csv -> content -> new CsvRecords(new Lines(content, skipped), csv);
            case CopyFormat.FixedWidth(var widths) -> {
                if (widths.size() != table.columns().size()) {
                    throw SqlFailure.of(
                            SqlState.INTERNAL_ERROR,
                            "FIXEDWIDTH has %d columns and table %s has %d"
                                    .formatted(
                                            widths.size(),
                                            table.name(),
                                            table.columns().size()));
                }
                yield content -> new FixedWidthRecords(new Lines(content, skipped), widths);
            }
            case CopyFormat.Json(var option) -> {
                var fields = fields(option, table, files);
                yield content -> new JsonRecords(content, fields);
            }
            case CopyFormat.Parquet() ->
                content -> {
                    throw new IllegalStateException("Parquet is the engine's to read");
                };
        };
    }

    private static List<JsonField> fields(String option, TargetTable table, SourceFiles files) {
        var columns = table.columns();
        return switch (option.strip()) {
            case "auto", "auto ignorecase" ->
                columns.stream()
                        .map(column -> new JsonField(
                                List.of(column.name()),
                                option.strip().endsWith("ignorecase"),
                                column.kind() == TargetColumn.Kind.SUPER))
                        .toList();
            case "noshred" -> {
                if (columns.size() != 1 || columns.getFirst().kind() != TargetColumn.Kind.SUPER) {
                    throw SqlFailure.of(
                            SqlState.INTERNAL_ERROR, "JSON 'noshred' loads into one column of type SUPER; name it");
                }
                yield List.of(new JsonField(List.of(), false, true));
            }
            default -> paths(option, files.read(S3Location.of(option)), columns);
        };
    }

    private static List<JsonField> paths(String location, JsonNode file, List<TargetColumn> columns) {
        var paths = file.path("jsonpaths");
        if (paths.size() != columns.size()) {
            throw SqlFailure.of(
                    SqlState.INTERNAL_ERROR,
                    "Number of jsonpaths and the number of columns should match. JSONPath size: %d, Number of columns in table or column list: %d; %s"
                            .formatted(paths.size(), columns.size(), location));
        }
        var fields = new ArrayList<JsonField>();
        for (var i = 0; i < columns.size(); i++) {
            fields.add(JsonField.path(paths.path(i).asText(), columns.get(i)));
        }
        return fields;
    }
}
