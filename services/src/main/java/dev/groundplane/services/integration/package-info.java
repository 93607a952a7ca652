/**
 * What the services that make zero-ETL integrations have in common: which warehouse's database follows which source, whatever the
 * source is and whichever service's API named it. Integrations are kept in RDS's model, of which Glue's has the same members.
 */
@NullMarked
package dev.groundplane.services.integration;

import org.jspecify.annotations.NullMarked;
