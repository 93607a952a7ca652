package dev.groundplane.services.integration;

import dev.groundplane.platform.event.Events;
import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.DatabaseEndpoints;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The part of zero-ETL integrations that lives as long as the process. Thread-safe. */
public final class ZeroEtl implements AutoCloseable {
    private final IntegrationReconciler reconciler;
    private final IntegrationClaims claims;

    /**
     * @param endpoints of the services that have sources
     * @param sources what integrations have there
     */
    public ZeroEtl(
            IntegrationStore store,
            Events events,
            List<DatabaseEndpoints> endpoints,
            IntegrationSources sources,
            InstantSource clock) {
        DatabaseEndpoints all = new All(endpoints);
        reconciler = new IntegrationReconciler(store, events, all, sources, clock);
        claims = new IntegrationClaims(store, events, all);
    }

    /** Starts to have integrations be as they are wanted. */
    public void start() {
        reconciler.start();
    }

    /** Which warehouses' databases follow sources. */
    public IntegrationClaims claims() {
        return claims;
    }

    /** For tests, which take its steps themselves. */
    public IntegrationReconciler reconciler() {
        return reconciler;
    }

    @Override
    public void close() {
        reconciler.close();
    }

    /** Each ARN is one service's. */
    private record All(List<DatabaseEndpoints> services) implements DatabaseEndpoints {
        @Override
        public Optional<DatabaseEndpoint> find(String arn) {
            return services.stream()
                    .flatMap(service -> service.find(arn).stream())
                    .findFirst();
        }

        @Override
        public void onChange(Runnable action) {
            services.forEach(service -> service.onChange(action));
        }
    }
}
