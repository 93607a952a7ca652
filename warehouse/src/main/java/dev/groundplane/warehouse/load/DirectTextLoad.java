package dev.groundplane.warehouse.load;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.CopyCommand;
import dev.groundplane.warehouse.sql.CopyConversion;
import dev.groundplane.warehouse.sql.CopyFormat.Csv;
import dev.groundplane.warehouse.sql.CopyFormat.Delimited;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.storage.Staging;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The engine reads text files itself, all fields as text, and expressions make values of them as {@link FieldConversion} does. They
 * fail at everything that they cannot be sure of: then the files are read again, by {@link CheckedLoad}.
 */
final class DirectTextLoad implements FileLoad {
    private final EngineSession engine;
    private final CopyCommand command;
    private final TargetTable table;

    DirectTextLoad(EngineSession engine, CopyCommand command, TargetTable table) {
        this.engine = engine;
        this.command = command;
        this.table = table;
    }

    /** Whether the engine reads files of a command as Redshift does. */
    static boolean suits(CopyCommand command) {
        var printable = command.conversion().nullString().chars().allMatch(c -> c >= ' ' && c < 0x7f);
        return printable
                && !command.noLoad()
                && command.maxErrors() == 0
                && switch (command.format()) {
                    case Csv(var delimiter, var quote) -> delimiter < 0x80 && quote < 0x80;
                    case Delimited(var delimiter, var escape, var removeQuotes) ->
                        delimiter < 0x80 && !escape && !removeQuotes;
                    default -> false;
                };
    }

    /** Whether a file may fail here although there is nothing wrong with it. */
    static boolean mayFailWithoutReason(CopyConversion conversion) {
        return conversion.replacement().isPresent()
                || conversion.truncate()
                || conversion.dateFormat().isPresent()
                || conversion.timeFormat().isPresent();
    }

    @Override
    public long load(List<StagedFile> files, Staging.Area area) throws SQLException {
        if (!command.skipsBlankLines() && files.stream().anyMatch(StagedFile::hasBlankLines)) {
            throw new SQLException("a file has lines with nothing in them");
        }
        try (var insert = engine.prepare("INSERT INTO %s (%s) SELECT %s FROM %s"
                .formatted(table.sqlName(), table.sqlColumns(), values(), source(files)))) {
            engine.execute(insert);
            return insert.getUpdateCount();
        }
    }

    private String source(List<StagedFile> files) {
        var columns = IntStream.range(0, table.columns().size())
                .mapToObj(i -> "'c%d': 'VARCHAR'".formatted(i))
                .collect(Collectors.joining(", "));
        return ("read_csv([%s], columns = {%s}, %s, header = false, auto_detect = false, skip = %d, nullstr = %s,"
                        + " null_padding = %s, max_line_size = %d)")
                .formatted(
                        files.stream()
                                .map(file -> Names.literal(file.path().toString()))
                                .collect(Collectors.joining(", ")),
                        columns,
                        dialect(),
                        command.skippedLines(),
                        Names.literal(command.conversion().nullString()),
                        command.fillRecord(),
                        Lines.LONGEST_ROW);
    }

    private String dialect() {
        return switch (command.format()) {
            case Csv(var delimiter, var quote) ->
                "delim = %s, quote = %s, escape = %2$s".formatted(quote(delimiter), quote(quote));
            case Delimited delimited -> "delim = %s, quote = '', escape = ''".formatted(quote(delimited.delimiter()));
            default -> throw new IllegalStateException("no text format: " + command.format());
        };
    }

    private static String quote(char c) {
        return Names.literal(String.valueOf(c));
    }

    private String values() {
        return IntStream.range(0, table.columns().size())
                .mapToObj(i -> value(table.columns().get(i), "c" + i))
                .collect(Collectors.joining(", "));
    }

    private String value(TargetColumn column, String field) {
        var value = "NULLIF(trim(%s), '')".formatted(field);
        return switch (column.kind()) {
            case TEXT -> text(column, field);
            case INTEGER ->
                "CASE WHEN CAST(CAST(%1$s AS %2$s) AS VARCHAR) = %1$s OR regexp_full_match(%1$s, '[+-]?[0-9]+') OR %1$s IS NULL THEN CAST(%1$s AS %2$s) ELSE %3$s END"
                        .formatted(value, column.engineType(), unsure());
            case DECIMAL -> decimal(column, value);
            case FLOAT -> floating(column, value);
            case BOOLEAN ->
                ("CASE WHEN %1$s IS NULL THEN NULL WHEN lower(%1$s) IN ('t', 'true', 'y', 'yes', '1') THEN true"
                                + " WHEN lower(%1$s) IN ('f', 'false', 'n', 'no', '0') THEN false ELSE %2$s END")
                        .formatted(value, unsure());
            case DATE ->
                "CASE WHEN strlen(%1$s) = 10 THEN CAST(%1$s AS DATE) WHEN %1$s IS NULL THEN NULL ELSE %2$s END"
                        .formatted(value, unsure());
            case TIMESTAMP, TIMESTAMPTZ ->
                ("CASE WHEN %1$s IS NULL THEN NULL WHEN strlen(%1$s) IN (10, 16) OR (strlen(%1$s) BETWEEN 19 AND 26"
                                + " AND regexp_full_match(main.substring(%1$s, 11), '[ T0-9:.]+')) THEN CAST(%1$s AS %2$s) ELSE %3$s END")
                        .formatted(value, column.engineType(), unsure());
            case TIME ->
                "CASE WHEN strlen(%1$s) = 8 THEN CAST(%1$s AS %2$s) WHEN %1$s IS NULL THEN NULL ELSE %3$s END"
                        .formatted(value, column.engineType(), unsure());
            case SUPER, VARBYTE -> FieldConversion.sql(column, value);
        };
    }

    private static String floating(TargetColumn column, String value) {
        return ("CASE WHEN %1$s IS NULL THEN NULL"
                        + " WHEN regexp_full_match(%1$s, '[-+0-9.eE]+') AND isfinite(CAST(%1$s AS %2$s)) THEN CAST(%1$s AS %2$s)"
                        + " WHEN lower(%1$s) IN ('nan', 'inf', 'infinity', '-inf', '-infinity') THEN CAST(%1$s AS %2$s)"
                        + " ELSE %3$s END")
                .formatted(value, column.engineType(), unsure());
    }

    private String text(TargetColumn column, String field) {
        var options = command.conversion();
        var text = options.trimBlanks() ? "main.rtrim(%s)".formatted(field) : field;
        var nulls = "";
        if (options.emptyAsNull()) {
            nulls += " WHEN %s = '' THEN NULL".formatted(field);
        }
        if (options.blanksAsNull()) {
            nulls += " WHEN %1$s <> '' AND trim(%1$s) = '' THEN NULL".formatted(field);
        }
        return "CASE%s WHEN strlen(%s) > %d THEN %s ELSE %2$s END".formatted(nulls, text, column.length(), unsure());
    }

    private String decimal(TargetColumn column, String value) {
        var cast = command.conversion().round()
                ? "CAST(%s AS %s)".formatted(value, column.engineType())
                : "CAST(CASE WHEN contains(%1$s, '.') THEN left(%1$s, instr(%1$s, '.') + %3$d) ELSE %1$s END AS %2$s)"
                        .formatted(value, column.engineType(), column.scale());
        return "CASE WHEN contains(%1$s, 'e') OR contains(%1$s, 'E') OR contains(%1$s, '_') THEN %3$s ELSE %2$s END"
                .formatted(value, cast, unsure());
    }

    private static String unsure() {
        return "error('a value that is looked at again')";
    }
}
