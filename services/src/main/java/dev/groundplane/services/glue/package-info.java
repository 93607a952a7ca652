/**
 * AWS Glue, as far as zero-ETL integrations need it: connections to databases that are somebody else's, and the integrations of
 * which they are sources. Nothing here connects to a database.
 */
@NullMarked
package dev.groundplane.services.glue;

import org.jspecify.annotations.NullMarked;
