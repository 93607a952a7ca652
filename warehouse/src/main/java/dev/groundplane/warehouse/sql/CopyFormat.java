package dev.groundplane.warehouse.sql;

import java.util.List;

/** How the rows of a file are written. */
public sealed interface CopyFormat {
    /**
     * Fields between delimiters.
     *
     * @param escape whether a backslash takes a delimiter's or line end's meaning away
     * @param removeQuotes whether quotation marks around a field are taken off
     */
    record Delimited(char delimiter, boolean escape, boolean removeQuotes) implements CopyFormat {}

    /** Comma separated values; fields with delimiters or line ends stand in quotes, which are doubled within. */
    record Csv(char delimiter, char quote) implements CopyFormat {}

    /** @param widths of all columns, in characters */
    record FixedWidth(List<Integer> widths) implements CopyFormat {}

    /** @param option {@code auto}, {@code auto ignorecase}, {@code noshred}, or where in S3 a file with JSONPath expressions is */
    record Json(String option) implements CopyFormat {}

    /** Columnar files with a schema of their own. */
    record Parquet() implements CopyFormat {}
}
