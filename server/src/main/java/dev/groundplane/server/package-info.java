/**
 * The composition root: the only place that sees every service. Builds the control plane, opens the front door, and holds
 * the command line.
 */
@NullMarked
package dev.groundplane.server;

import org.jspecify.annotations.NullMarked;
