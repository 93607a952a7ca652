package dev.groundplane.warehouse.sql;

import java.util.List;

/** {@code VACUUM} and {@code ANALYZE}. */
final class MaintenanceParser {
    private MaintenanceParser() {}

    static Ddl vacuum(TokenReader reader) {
        reader.expect("VACUUM");
        if (!reader.accept("FULL") && !reader.accept("REINDEX") && !reader.accept("RECLUSTER")) {
            reader.accept(reader.sees("SORT") ? "SORT" : "DELETE", "ONLY");
        }
        var isWhole = reader.atEnd() || reader.sees("TO") || reader.sees("BOOST");
        var table = isWhole ? List.<String>of() : reader.qualifiedName();
        if (reader.accept("TO")) {
            reader.number();
            reader.expect("PERCENT");
        }
        reader.accept("BOOST");
        return new Ddl.Vacuum(table);
    }

    static Ddl analyze(TokenReader reader) {
        reader.take();
        if (reader.sees("COMPRESSION")) {
            throw SqlFailure.unsupported("ANALYZE COMPRESSION");
        }
        reader.accept("VERBOSE");
        var table = reader.atEnd() || isColumnChoice(reader) ? List.<String>of() : reader.qualifiedName();
        var columns = !table.isEmpty() && reader.sees("(") ? reader.names() : List.<String>of();
        if (!reader.atEnd() && isColumnChoice(reader)) {
            reader.take();
            reader.take();
        }
        return new Ddl.Analyze(table, columns);
    }

    private static boolean isColumnChoice(TokenReader reader) {
        return reader.sees("PREDICATE", "COLUMNS") || reader.sees("ALL", "COLUMNS");
    }
}
