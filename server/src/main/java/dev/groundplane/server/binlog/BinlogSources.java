package dev.groundplane.server.binlog;

import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.integration.IntegrationSources;
import dev.groundplane.services.integration.SourceFinding;
import java.util.List;

/** Sources of integrations that are MariaDB or MySQL. Thread-safe. */
public final class BinlogSources implements IntegrationSources {
    @Override
    public List<SourceFinding> check(DatabaseEndpoint source, String database, String name) {
        return BinlogCheck.of(new BinlogEndpoint(source), database);
    }

    /** Does nothing: a server purges its log when it likes, and knows replicas only while they are connected. */
    @Override
    public void forget(DatabaseEndpoint source, String database, String name) {}
}
