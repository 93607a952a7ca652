/**
 * A server's side of PostgreSQL's frontend/backend protocol, version 3: messages to and from bytes, SCRAM, SQLSTATEs. It
 * follows the chapter "Frontend/Backend Protocol" of PostgreSQL's documentation and knows nothing of sockets, sessions or
 * SQL.
 */
@NullMarked
package dev.groundplane.pgwire;

import org.jspecify.annotations.NullMarked;
