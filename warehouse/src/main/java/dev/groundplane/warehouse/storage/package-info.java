/** S3 as statements read and write it, and the directory in which files lie while the engine works on them. Nothing here knows tables. */
@NullMarked
package dev.groundplane.warehouse.storage;

import org.jspecify.annotations.NullMarked;
