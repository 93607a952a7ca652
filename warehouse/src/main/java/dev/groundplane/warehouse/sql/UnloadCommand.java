package dev.groundplane.warehouse.sql;

import java.util.List;
import java.util.Optional;

/**
 * {@code UNLOAD ('query') TO 's3://…'}.
 *
 * @param target what the keys of the files begin with
 * @param region of the bucket; empty for the warehouse's
 * @param partition columns whose values become folders
 * @param includesPartition whether these columns are in the files, too
 * @param parallel whether several files are written at once
 * @param largestFileBytes zero where nothing was said
 * @param manifest whether a list of the files is written
 * @param verbose whether that list tells of columns and rows
 * @param allowsOverwrite whether files may be there already
 * @param cleansPath whether files that are there are removed first
 * @param extension of the files' names, with its dot
 */
public record UnloadCommand(
        Statement query,
        String target,
        Authorization authorization,
        Optional<String> region,
        UnloadFormat format,
        Compression compression,
        List<String> partition,
        boolean includesPartition,
        boolean parallel,
        long largestFileBytes,
        boolean manifest,
        boolean verbose,
        boolean allowsOverwrite,
        boolean cleansPath,
        String extension) {

    /**
     * The command that a statement is; empty when it is another statement.
     *
     * @throws SqlFailure when it begins like one and is none, or has what is not supported
     */
    public static Optional<UnloadCommand> of(Statement statement) {
        return statement.verb().equals("UNLOAD")
                ? Optional.of(new UnloadParser(statement.tokens()).parse())
                : Optional.empty();
    }
}
