/**
 * What the agent knows about its tasks, on disk: each task is written before it is acknowledged and before it runs, its
 * progress as it goes, and a tombstone when it is gone. A new agent process reads all of it back. Decides nothing.
 */
@NullMarked
package dev.groundplane.agent.journal;

import org.jspecify.annotations.NullMarked;
