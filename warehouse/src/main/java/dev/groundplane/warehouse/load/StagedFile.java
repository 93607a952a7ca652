package dev.groundplane.warehouse.load;

import java.nio.file.Path;

/**
 * A file of S3 in the staging directory, decompressed.
 *
 * @param bytes as it lies there
 * @param hasBlankLines whether a line of it has nothing in it
 */
record StagedFile(SourceFile source, Path path, long bytes, boolean hasBlankLines) {}
