/**
 * Clients' sessions: PostgreSQL's protocol on one side, an engine's session on the other; transactions, prepared statements,
 * portals and settings between them.
 */
@NullMarked
package dev.groundplane.warehouse.session;

import org.jspecify.annotations.NullMarked;
