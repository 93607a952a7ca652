/**
 * What the control plane counts and measures of itself, in Prometheus's text format. Decides nothing; who may read it is the
 * front door's to say.
 */
@NullMarked
package dev.groundplane.server.metrics;

import org.jspecify.annotations.NullMarked;
