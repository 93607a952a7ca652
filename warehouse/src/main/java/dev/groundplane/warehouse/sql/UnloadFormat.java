package dev.groundplane.warehouse.sql;

/** How the rows of a file are written. */
public sealed interface UnloadFormat {
    /**
     * Fields between delimiters, without quotes unless wanted.
     *
     * @param nullString stands for NULL
     * @param addQuotes whether each field stands in quotation marks
     * @param escape whether a backslash stands before what would be taken for something else
     */
    record Delimited(char delimiter, String nullString, boolean header, boolean addQuotes, boolean escape)
            implements UnloadFormat {}

    /** Comma separated values. */
    record Csv(char delimiter, String nullString, boolean header) implements UnloadFormat {}

    /** A JSON object for each row and line. */
    record Json() implements UnloadFormat {}

    record Parquet() implements UnloadFormat {}
}
