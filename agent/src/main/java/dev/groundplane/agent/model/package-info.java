/**
 * What the control plane says in a payload: tasks, containers, volumes, in the field names of the ECS agent's own
 * protocol, plus the few fields of ours. Immutable records that Jackson reads and the journal writes back. What lives
 * here knows nothing of drivers, files or the network.
 */
@NullMarked
package dev.groundplane.agent.model;

import org.jspecify.annotations.NullMarked;
