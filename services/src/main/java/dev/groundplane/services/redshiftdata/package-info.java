/**
 * The Redshift Data API: SQL by HTTP calls that return at once. A statement is stored first, then run on a connection to its
 * workgroup as any client's, and its result kept for a day. What SQL means is the warehouse's; who may connect is Redshift
 * Serverless's to say.
 */
@NullMarked
package dev.groundplane.services.redshiftdata;

import org.jspecify.annotations.NullMarked;
