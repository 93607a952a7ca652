/**
 * How processes write their logs: one JSON object a line, to standard error or to files of bounded size. What is logged, and
 * when, is everybody else's.
 */
@NullMarked
package dev.groundplane.logging;

import org.jspecify.annotations.NullMarked;
