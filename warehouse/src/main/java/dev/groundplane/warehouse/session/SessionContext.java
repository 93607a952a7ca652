package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.engine.EngineSession;

/**
 * What the commands of one session work with. For its thread.
 *
 * @param user who logged in
 * @param prepared what {@code PREPARE} made
 */
record SessionContext(
        EngineSession engine,
        Settings settings,
        String user,
        TransactionBlock transaction,
        Cursors cursors,
        PreparedStatements prepared) {
    SessionContext(EngineSession engine, Settings settings, String user) {
        this(engine, settings, user, new TransactionBlock(engine), new Cursors(), new PreparedStatements());
    }
}
