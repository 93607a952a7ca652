/**
 * The agent's process: its command line, its data directory and the wiring of its parts. The parts themselves live in the
 * packages below; none of them knows this one.
 */
@NullMarked
package dev.groundplane.agent;

import org.jspecify.annotations.NullMarked;
