package dev.groundplane.services.integration;

import dev.groundplane.services.DatabaseEndpoint;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What integrations have at sources of several engines. Thread-safe.
 *
 * @param engines has one of each
 */
public record SourcesByEngine(Map<SourceEngine, IntegrationSources> engines) implements IntegrationSources {
    @Override
    public List<SourceFinding> check(DatabaseEndpoint source, String database, String name) {
        return of(source).check(source, database, name);
    }

    @Override
    public void forget(DatabaseEndpoint source, String database, String name) {
        of(source).forget(source, database, name);
    }

    private IntegrationSources of(DatabaseEndpoint source) {
        return Objects.requireNonNull(engines.get(SourceEngine.of(source)));
    }
}
