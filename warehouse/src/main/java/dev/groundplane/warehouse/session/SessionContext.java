package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.gateway.Gateway;

/**
 * What the commands of one session work with. For its thread.
 *
 * @param user who logged in
 * @param gateway the control plane
 */
record SessionContext(EngineSession engine, Settings settings, String user, Gateway gateway) {}
