package dev.groundplane.server.rds;

import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.integration.IntegrationSources;
import dev.groundplane.services.integration.SourceFinding;
import java.sql.SQLException;
import java.util.List;

/** Sources of integrations that are PostgreSQL. Thread-safe. */
public final class PostgresSources implements IntegrationSources {
    @Override
    public List<SourceFinding> check(DatabaseEndpoint source, String database, String name) {
        return SourceCheck.of(new SourceDatabase(source, database, name));
    }

    @Override
    public void forget(DatabaseEndpoint source, String database, String name) {
        try {
            new SourceDatabase(source, database, name).forget();
        } catch (SQLException e) {
            throw new IllegalStateException("%s keeps the slot %s: %s".formatted(source, name, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
