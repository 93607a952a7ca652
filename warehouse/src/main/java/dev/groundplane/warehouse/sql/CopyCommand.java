package dev.groundplane.warehouse.sql;

import java.util.List;
import java.util.Optional;

/**
 * {@code COPY table FROM 's3://…'}.
 *
 * @param table its name, after those of schema and database if given
 * @param columns in the order of the fields; empty for all of the table's
 * @param source a prefix of keys, or the manifest
 * @param region of the bucket; empty for the warehouse's
 * @param manifest whether the source is a file that lists the files
 * @param skippedLines at the beginning of each file
 * @param skipsBlankLines whether lines with nothing in them are passed over
 * @param fillRecord whether fields that are missing at a record's end are NULL
 * @param explicitIds whether values of identity columns are in the file
 * @param maxErrors as many rows may be bad and are left out; with one more, nothing is loaded
 * @param noLoad whether files are only checked
 */
public record CopyCommand(
        List<String> table,
        List<String> columns,
        String source,
        Authorization authorization,
        Optional<String> region,
        CopyFormat format,
        Compression compression,
        boolean manifest,
        int skippedLines,
        boolean skipsBlankLines,
        boolean fillRecord,
        boolean explicitIds,
        int maxErrors,
        boolean noLoad,
        CopyConversion conversion) {

    /**
     * The command that a statement is; empty when it is another statement.
     *
     * @throws SqlFailure when it begins like one and is none, or has what is not supported
     */
    public static Optional<CopyCommand> of(Statement statement) {
        return statement.verb().equals("COPY")
                ? Optional.of(new CopyParser(statement.tokens()).parse())
                : Optional.empty();
    }

    /**
     * The same into another table.
     *
     * @param path its name, after those of schema and database if given
     */
    public CopyCommand into(List<String> path) {
        return new CopyCommand(
                path,
                columns,
                source,
                authorization,
                region,
                format,
                compression,
                manifest,
                skippedLines,
                skipsBlankLines,
                fillRecord,
                explicitIds,
                maxErrors,
                noLoad,
                conversion);
    }
}
