/**
 * The link to the control plane: registration, the WebSocket session that brings payloads, and the reports that go back,
 * in the ECS agent's own protocol. What a payload means is decided in {@code task}.
 */
@NullMarked
package dev.groundplane.agent.link;

import org.jspecify.annotations.NullMarked;
