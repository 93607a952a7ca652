/**
 * MariaDB and MySQL servers that somebody else runs, as sources of zero-ETL integrations: whether they can be followed, and how they are
 * connected to. What follows them is the worker's.
 */
@NullMarked
package dev.groundplane.server.binlog;

import org.jspecify.annotations.NullMarked;
