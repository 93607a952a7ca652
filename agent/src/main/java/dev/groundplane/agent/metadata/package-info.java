/**
 * What a task's programs may ask the agent for over HTTP: the credentials of their task role, and the task metadata endpoint
 * version 4, in the ECS agent's own paths and field names. Role credentials live in memory only. What lives here reads
 * tasks and changes none.
 */
@NullMarked
package dev.groundplane.agent.metadata;

import org.jspecify.annotations.NullMarked;
