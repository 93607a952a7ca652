/** What belongs to this machine: the data directory, the running process, the local agent. */
@NullMarked
package dev.groundplane.server.local;

import org.jspecify.annotations.NullMarked;
