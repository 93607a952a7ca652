package dev.groundplane.services.integration;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.DatabaseEndpoints;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.rds.model.Integration;
import software.amazon.awssdk.services.rds.model.IntegrationStatus;

/** Which databases of warehouses follow integrations' sources, for those who run the warehouses. Thread-safe. */
public final class IntegrationClaims {
    private final IntegrationStore store;
    private final Events events;
    private final DatabaseEndpoints endpoints;
    private final Map<String, Duration> lags = new ConcurrentHashMap<>();
    private final Map<String, String> places = new ConcurrentHashMap<>();

    IntegrationClaims(IntegrationStore store, Events events, DatabaseEndpoints endpoints) {
        this.store = store;
        this.events = events;
        this.endpoints = endpoints;
    }

    /** It cannot be followed, for a reason that a user is told. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * A source as a warehouse's database follows it.
     *
     * @param integration its id
     * @param namespaceId of the warehouse
     * @param follower the warehouse's database
     * @param database of the source
     * @param tables of the database that are followed
     * @param name of the publication and the replication slot
     * @param server as which replica it follows a MariaDB or MySQL server, from 1 to 2³²-1; always the same
     */
    public record Followed(
            String integration,
            String namespaceId,
            String follower,
            DatabaseEndpoint source,
            String database,
            List<DataFilter.TablePattern> tables,
            String name,
            long server) {}

    /**
     * Lets a database follow an integration's source, which it may do already.
     *
     * @param namespaceId of the warehouse
     * @param integration its id, or its ARN
     * @param sourceDatabase what the statement names; empty for what the integration says
     * @throws Refused when there is no such integration for the warehouse, or it has another database
     */
    public void claim(
            Scope scope, String namespaceId, String integration, String database, Optional<String> sourceDatabase) {
        store.database().write(tx -> claim(tx, scope, namespaceId, integration, database, sourceDatabase));
    }

    private boolean claim(
            Transaction tx,
            Scope scope,
            String namespaceId,
            String integration,
            String database,
            Optional<String> sourceDatabase)
            throws SQLException {
        Stored<Integration> stored = store.integrations()
                .find(tx, scope, IntegrationStore.id(scope, integration))
                .filter(found -> isOf(found.value(), namespaceId))
                .orElseThrow(() -> new Refused("integration '%s' does not exist".formatted(integration)));
        if (stored.value().status() != IntegrationStatus.ACTIVE) {
            throw new Refused("integration '%s' is %s; it must be active"
                    .formatted(integration, stored.value().statusAsString()));
        }
        DataFilter filter = IntegrationStore.filter(stored);
        String source = sourceDatabase.or(filter::database).orElse("postgres");
        if (!filter.includes(source)) {
            throw new Refused("integration '%s' has no tables of database %s of its source, but '%s'"
                    .formatted(integration, source, stored.value().dataFilter()));
        }
        Optional<String> follower = IntegrationStore.follower(stored);
        if (follower.isPresent() && !follower.get().equals(database)) {
            throw new Refused(
                    "integration '%s' has database %s already; drop that first".formatted(integration, follower.get()));
        }
        Optional<String> followed = IntegrationStore.sourceDatabase(stored);
        if (followed.isPresent() && follower.isEmpty()) { // what it had there is being removed
            throw new Refused("integration '%s' still lets go of database %s of its source; try again in a moment"
                    .formatted(integration, followed.get()));
        }
        store.integrations()
                .update(
                        tx,
                        stored.withExtra(IntegrationStore.DATABASE, database)
                                .withExtra(IntegrationStore.SOURCE_DATABASE, source));
        return true;
    }

    private static boolean isOf(Integration integration, String namespaceId) {
        String arn = integration.targetArn();
        return arn.endsWith("/" + namespaceId) || arn.endsWith(":" + namespaceId);
    }

    /**
     * The source that a database follows now.
     *
     * @throws Refused when it follows none, or the source is stopped or has gone
     */
    public Followed follow(Scope scope, String namespaceId, String integration, String database) {
        Stored<Integration> stored = store.integrations()
                .find(scope, IntegrationStore.id(scope, integration))
                .filter(found -> isOf(found.value(), namespaceId)
                        && IntegrationStore.follower(found).equals(Optional.of(database)))
                .filter(IntegrationClaims::isFollowed)
                .orElseThrow(() -> new Refused("integration '%s' does not exist any more".formatted(integration)));
        return followed(stored, namespaceId)
                .orElseThrow(() -> new Refused("the source %s is not available now"
                        .formatted(stored.value().sourceArn())));
    }

    /** What is missing at a source may be there again before anybody has looked. */
    private static boolean isFollowed(Stored<Integration> integration) {
        return switch (integration.value().status()) {
            case ACTIVE, NEEDS_ATTENTION -> true;
            default -> false;
        };
    }

    private Optional<Followed> followed(Stored<Integration> stored, String namespaceId) {
        String follower = IntegrationStore.follower(stored).orElseThrow();
        String database = IntegrationStore.sourceDatabase(stored).orElseThrow();
        return endpoints
                .find(stored.value().sourceArn())
                .filter(DatabaseEndpoint::available)
                .map(endpoint -> new Followed(
                        stored.name(),
                        namespaceId,
                        follower,
                        endpoint,
                        database,
                        IntegrationStore.filter(stored).patterns(database),
                        IntegrationStore.slot(stored.name()),
                        IntegrationStore.server(stored.name())));
    }

    /** All sources that a warehouse's databases follow and that can be reached now. */
    public List<Followed> all(Scope scope, String namespaceId) {
        return store.integrations().all().stream()
                .filter(stored -> stored.scope().equals(scope)
                        && isOf(stored.value(), namespaceId)
                        && IntegrationStore.follower(stored).isPresent()
                        && isFollowed(stored))
                .flatMap(stored -> followed(stored, namespaceId).stream())
                .toList();
    }

    /**
     * An integration's changes came so late.
     *
     * @param integration its id, or its ARN
     * @param place in the source's log up to which the warehouse has everything; empty where the source keeps it itself
     */
    public void report(Scope scope, String integration, Duration lag, Optional<String> place) {
        String id = IntegrationStore.id(scope, integration);
        lags.put(id, lag);
        place.ifPresent(reached -> places.put(id, reached));
    }

    /**
     * The place in its source's log up to which the warehouse has everything, as was reported last.
     *
     * @param id the integration's
     * @return empty when none was reported to this process
     */
    public Optional<String> place(String id) {
        return Optional.ofNullable(places.get(id));
    }

    /** How late the changes of those integrations came that have a database, as was reported last; for statistics. */
    public List<Duration> lags() {
        List<String> followed = store.integrations().all().stream()
                .filter(stored -> IntegrationStore.follower(stored).isPresent())
                .map(Stored::name)
                .toList();
        lags.keySet().retainAll(followed);
        places.keySet().retainAll(followed);
        return List.copyOf(lags.values());
    }

    /** How many integrations there are of each status, by its name; for statistics. */
    public Map<String, Long> statuses() {
        return store.integrations().all().stream()
                .collect(Collectors.groupingBy(stored -> stored.value().statusAsString(), Collectors.counting()));
    }

    /** Has something done, on another thread, whenever a database may follow another source, or none any more. */
    public void onChange(Runnable action) {
        events.subscribe(IntegrationStore.INTEGRATION, change -> action.run());
        endpoints.onChange(action);
    }

    /** A database that followed is no more; what it had at the source goes, soon. */
    public void release(Scope scope, String namespaceId, String integration, String database) {
        store.database().write(tx -> {
            Optional<Stored<Integration>> stored = store.integrations()
                    .find(tx, scope, IntegrationStore.id(scope, integration))
                    .filter(found -> isOf(found.value(), namespaceId)
                            && IntegrationStore.follower(found).equals(Optional.of(database)));
            if (stored.isPresent()) {
                store.integrations().update(tx, stored.get().withExtra(IntegrationStore.DATABASE, null));
            }
            return stored.isPresent();
        });
        places.remove(IntegrationStore.id(scope, integration)); // whoever follows next begins anew
    }
}
