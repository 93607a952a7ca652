/**
 * {@code COPY}: files of S3 become rows of a table. The engine reads Parquet, and plain text and CSV as long as nothing is wrong in
 * them. All else is read here, row by row: other formats, files whose rows may be bad, and those in which the engine found
 * something, to tell what it was.
 */
@NullMarked
package dev.groundplane.warehouse.load;

import org.jspecify.annotations.NullMarked;
