/**
 * {@code COPY}: files of S3 become rows of a table. Most are read by the engine; what it cannot read as Redshift does, and all in
 * which it found something wrong, is read here, row by row, which also tells what was wrong.
 */
@NullMarked
package dev.groundplane.warehouse.load;

import org.jspecify.annotations.NullMarked;
