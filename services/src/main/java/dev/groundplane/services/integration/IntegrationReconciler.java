package dev.groundplane.services.integration;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.DatabaseEndpoints;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.rds.model.Integration;
import software.amazon.awssdk.services.rds.model.IntegrationError;
import software.amazon.awssdk.services.rds.model.IntegrationStatus;

/** Has integrations be active when their source can be followed, and leaves nothing at a source that nobody follows. Thread-safe. */
public final class IntegrationReconciler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IntegrationReconciler.class);
    /** Somebody else's server tells nobody here when it comes, goes or changes. */
    private static final Duration ROUND = Duration.ofMinutes(1);
    /** For so long a source may be away before an integration is deleted without it. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** Extra: since when a deleted integration's source has not let itself be cleaned, in seconds. */
    private static final String UNREACHABLE_SINCE = "unreachable-since";

    private final IntegrationStore store;
    private final Events events;
    private final DatabaseEndpoints endpoints;
    private final IntegrationSources sources;
    private final InstantSource clock;
    private final Reconciler<Key> reconciler = new Reconciler<>("integrations", this::reconcile);
    private final Reconciler<String> rounds = new Reconciler<>("integration-rounds", this::lookAtExternal);

    private record Key(Scope scope, String id) {}

    IntegrationReconciler(
            IntegrationStore store,
            Events events,
            DatabaseEndpoints endpoints,
            IntegrationSources sources,
            InstantSource clock) {
        this.store = store;
        this.events = events;
        this.endpoints = endpoints;
        this.sources = sources;
        this.clock = clock;
    }

    /** Follows changes, and looks at every integration. */
    void start() {
        events.subscribe(
                IntegrationStore.INTEGRATION, change -> reconciler.enqueue(new Key(change.scope(), change.name())));
        endpoints.onChange(this::all);
        all();
        rounds.enqueueAfter("external", ROUND);
    }

    private void all() {
        store.integrations().all().forEach(one -> reconciler.enqueue(new Key(one.scope(), one.name())));
    }

    private void lookAtExternal(String round) {
        store.integrations().all().stream()
                .filter(one -> one.value().sourceArn().startsWith("arn:aws:glue:"))
                .forEach(one -> reconciler.enqueue(new Key(one.scope(), one.name())));
        rounds.enqueueAfter(round, ROUND);
    }

    private void reconcile(Key key) {
        store.integrations().find(key.scope(), key.id()).ifPresent(this::step);
    }

    /** Brings one to what is wanted, as far as its source lets it now. */
    public void step(Stored<Integration> stored) {
        Optional<DatabaseEndpoint> source = endpoints.find(stored.value().sourceArn());
        if (stored.value().status() == IntegrationStatus.DELETING) {
            remove(stored, source);
        } else {
            settle(stored, source);
        }
    }

    private void remove(Stored<Integration> stored, Optional<DatabaseEndpoint> source) {
        Optional<String> database = IntegrationStore.sourceDatabase(stored);
        if (source.isPresent() && database.isPresent()) {
            Optional<String> problem = release(stored, source.get(), database.get());
            if (problem.isPresent() && !isGivenUp(stored, source.get(), problem.get())) {
                return; // it says so when it is available, or is looked at again
            }
        }
        store.database().write(tx -> store.integrations().deleteIfPresent(tx, stored.scope(), stored.name()));
    }

    /** Leaves nothing at the source, or says why that is not possible now. */
    private Optional<String> release(Stored<Integration> stored, DatabaseEndpoint source, String database) {
        if (!SourceEngine.of(source).remembersFollowers()) {
            return Optional.empty();
        }
        if (!source.available()) {
            return Optional.of(source.hindrance());
        }
        try {
            sources.forget(source, database, IntegrationStore.slot(stored.name()));
            return Optional.empty();
        } catch (IllegalStateException e) {
            if (!source.isExternal()) {
                throw e; // it is tried again
            }
            LOG.debug("{} cannot be cleaned now", source, e);
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Somebody else's server may be gone for good. Until then the integration says what it waits for. */
    private boolean isGivenUp(Stored<Integration> stored, DatabaseEndpoint source, String problem) {
        if (!source.isExternal()) {
            return false;
        }
        Instant now = clock.instant();
        @Nullable String noted = stored.extra().get(UNREACHABLE_SINCE);
        Instant since = noted == null ? now : Instant.ofEpochSecond(Long.parseLong(noted));
        String remedy = "SELECT pg_drop_replication_slot('%s')".formatted(IntegrationStore.slot(stored.name()));
        if (!now.isBefore(since.plus(PATIENCE))) {
            LOG.warn(
                    "integration {} is deleted without its source {}, which has not answered; once it does, run there: {}",
                    stored.name(),
                    source,
                    remedy);
            return true;
        }
        Integration next = stored.value().toBuilder()
                .errors(error(
                        "SourceUnreachable",
                        "%s The integration is deleted without it %d minutes after the first attempt; then run there: %s"
                                .formatted(problem, PATIENCE.toMinutes(), remedy)))
                .build();
        if (noted == null || !next.equals(stored.value())) {
            store.database()
                    .write(tx -> store.integrations()
                            .update(
                                    tx,
                                    stored.with(next)
                                            .withExtra(UNREACHABLE_SINCE, Long.toString(since.getEpochSecond()))));
        }
        return false;
    }

    private void settle(Stored<Integration> stored, Optional<DatabaseEndpoint> source) {
        Optional<String> database = IntegrationStore.sourceDatabase(stored);
        if (IntegrationStore.follower(stored).isEmpty() && database.isPresent() && source.isPresent()) {
            if (release(stored, source.get(), database.get()).isEmpty()) {
                store.database()
                        .write(tx -> store.integrations()
                                .update(tx, stored.withExtra(IntegrationStore.SOURCE_DATABASE, null)));
                return; // the change has it looked at again
            }
            if (!source.get().isExternal()) {
                return; // it says so when it is available
            }
        }
        Integration settled = settled(stored, source);
        if (!settled.equals(stored.value())) {
            store.database().write(tx -> store.integrations().update(tx, stored.with(settled)));
        }
    }

    private Integration settled(Stored<Integration> stored, Optional<DatabaseEndpoint> source) {
        Integration integration = stored.value();
        if (source.isEmpty()) {
            return integration.toBuilder()
                    .status(IntegrationStatus.FAILED)
                    .errors(error("SourceDeleted", "The source %s does not exist.".formatted(integration.sourceArn())))
                    .build();
        }
        if (source.get().isExternal()) {
            return checked(stored, source.get());
        }
        boolean isNew = integration.status() == IntegrationStatus.CREATING;
        return isNew && source.get().available()
                ? integration.toBuilder().status(IntegrationStatus.ACTIVE).build()
                : integration;
    }

    private Integration checked(Stored<Integration> stored, DatabaseEndpoint source) {
        Optional<String> followed = IntegrationStore.sourceDatabase(stored);
        List<SourceFinding> findings = source.available()
                ? sources.check(
                        source,
                        followed.orElse(source.database()),
                        followed.map(database -> IntegrationStore.slot(stored.name()))
                                .orElse(""))
                : List.of(new SourceFinding(true, source.hindrance(), "bring it back, or update the connection"));
        boolean hindered = findings.stream().anyMatch(SourceFinding::hinders);
        return stored.value().toBuilder()
                .status(hindered ? IntegrationStatus.NEEDS_ATTENTION : IntegrationStatus.ACTIVE)
                .errors(findings.stream()
                        .map(one -> error(one.hinders() ? "SourceNotReady" : "SourceLimited", one.toString()))
                        .toList())
                .build();
    }

    private static IntegrationError error(String code, String message) {
        return IntegrationError.builder().errorCode(code).errorMessage(message).build();
    }

    @Override
    public void close() {
        rounds.close();
        reconciler.close();
    }
}
