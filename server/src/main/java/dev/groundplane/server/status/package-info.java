/**
 * What is told to people who operate an installation: the facts, what is wrong with them, and what to do. The running control
 * plane makes a report of what only it knows; the command adds what it sees from outside and judges both.
 */
@NullMarked
package dev.groundplane.server.status;

import org.jspecify.annotations.NullMarked;
