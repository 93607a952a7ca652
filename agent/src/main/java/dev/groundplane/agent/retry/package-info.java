/**
 * Waiting for a control plane that is away: how long to pause between attempts, and how to be woken when it is back.
 * Knows nothing of what is attempted.
 */
@NullMarked
package dev.groundplane.agent.retry;

import org.jspecify.annotations.NullMarked;
