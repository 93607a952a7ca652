package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.access.Access;
import dev.groundplane.warehouse.copyjob.CopyJobs;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.gateway.Gateway;
import dev.groundplane.warehouse.load.LoadHistory;
import dev.groundplane.warehouse.replication.Replications;
import dev.groundplane.warehouse.storage.Storage;

/**
 * What the commands of one session work with. For its thread.
 *
 * @param access what its user may do
 * @param user who logged in
 * @param gateway the control plane
 * @param storage S3
 * @param loads what COPY did
 * @param replications databases that follow a source
 * @param copyJobs what loads files that land in S3
 * @param backends all sessions
 * @param limit of queries
 * @param statements what the session's statements do
 * @param prepared what {@code PREPARE} made
 */
record SessionContext(
        EngineSession engine,
        Settings settings,
        Access access,
        String user,
        Gateway gateway,
        Storage storage,
        LoadHistory loads,
        Replications replications,
        CopyJobs copyJobs,
        Backends backends,
        QueryLimit limit,
        StatementLog statements,
        TransactionBlock transaction,
        Cursors cursors,
        PreparedStatements prepared) {
    /** A session that has just begun. */
    SessionContext(
            EngineSession engine,
            Settings settings,
            Access access,
            String user,
            Gateway gateway,
            Storage storage,
            LoadHistory loads,
            Replications replications,
            CopyJobs copyJobs,
            Backends backends,
            QueryLimit limit,
            StatementLog statements) {
        this(
                engine,
                settings,
                access,
                user,
                gateway,
                storage,
                loads,
                replications,
                copyJobs,
                backends,
                limit,
                statements,
                new TransactionBlock(engine),
                new Cursors(),
                new PreparedStatements());
    }
}
