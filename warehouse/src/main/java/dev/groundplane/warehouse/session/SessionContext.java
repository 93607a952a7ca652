package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.engine.EngineSession;

/**
 * What the commands of one session work with. For its thread.
 *
 * @param user who logged in
 */
record SessionContext(EngineSession engine, Settings settings, String user) {}
