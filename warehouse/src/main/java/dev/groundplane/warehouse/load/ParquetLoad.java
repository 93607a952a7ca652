package dev.groundplane.warehouse.load;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.load.TargetColumn.Kind;
import dev.groundplane.warehouse.sql.CopyCommand;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.storage.Staging;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The engine reads Parquet files; their columns are the table's by their order, as in Redshift. */
final class ParquetLoad implements FileLoad {
    private final EngineSession engine;
    private final CopyCommand command;
    private final TargetTable table;

    ParquetLoad(EngineSession engine, CopyCommand command, TargetTable table) {
        this.engine = engine;
        this.command = command;
        this.table = table;
    }

    @Override
    public long load(List<StagedFile> files, Staging.Area area) throws SQLException {
        var rows = 0L;
        for (var file : files) { // each has a schema of its own
            rows += load(file);
        }
        return rows;
    }

    private long load(StagedFile file) throws SQLException {
        var binaryIsText = table.columns().stream().noneMatch(column -> column.kind() == Kind.VARBYTE);
        var source = "read_parquet([%s], binary_as_string = %s)"
                .formatted(Names.literal(file.path().toString()), binaryIsText);
        var types = engine.rows("DESCRIBE SELECT * FROM " + source).stream()
                .map(row -> String.valueOf(row.get(1)))
                .toList();
        var values = values(file, types);
        var aliases = IntStream.range(0, types.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
        try (var insert = engine.prepare("INSERT INTO %s (%s) SELECT %s FROM %s AS file(%s)"
                .formatted(table.sqlName(), table.sqlColumns(), String.join(", ", values), source, aliases))) {
            engine.execute(insert);
            return insert.getUpdateCount();
        }
    }

    private List<String> values(StagedFile file, List<String> types) {
        var columns = table.columns();
        if (types.size() > columns.size() || (types.size() < columns.size() && !command.fillRecord())) {
            throw SqlFailure.of(
                    SqlState.INTERNAL_ERROR,
                    "Spectrum Scan Error: Unmatched number of columns between table or column list and file %s: %d and %d"
                            .formatted(file.source().location(), columns.size(), types.size()));
        }
        var values = new ArrayList<String>();
        for (var i = 0; i < columns.size(); i++) {
            var column = columns.get(i);
            if (i >= types.size()) {
                values.add("NULL");
            } else if (fits(TargetColumn.kind(types.get(i)), column.kind())
                    || types.get(i).contains("NULL")) {
                values.add(
                        column.kind() == Kind.SUPER
                                ? "to_json(c%d)".formatted(i)
                                : "CAST(c%d AS %s)".formatted(i, column.engineType()));
            } else {
                throw SqlFailure.of(
                        SqlState.INTERNAL_ERROR,
                        "Spectrum Scan Error: File '%s' has an incompatible Parquet schema for column '%s'. Column type: %s, Parquet schema: %s"
                                .formatted(file.source().location(), column.name(), column.typeName(), types.get(i)));
            }
        }
        return values;
    }

    private static boolean fits(Kind file, Kind column) {
        return file == column
                || switch (column) {
                    case DECIMAL, FLOAT -> file == Kind.INTEGER || file == Kind.DECIMAL || file == Kind.FLOAT;
                    case TIMESTAMP, TIMESTAMPTZ -> file == Kind.TIMESTAMP || file == Kind.TIMESTAMPTZ;
                    case SUPER -> true;
                    default -> false;
                };
    }
}
