/** {@code UNLOAD}: the engine writes a query's rows into the staging directory, from where they go to S3. */
@NullMarked
package dev.groundplane.warehouse.unload;

import org.jspecify.annotations.NullMarked;
