package dev.groundplane.warehouse.replication;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.gateway.Gateway;
import dev.groundplane.warehouse.sql.Ddl;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.storage.Staging;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All databases of the namespace that follow a source. Thread-safe. */
public final class Replications implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Replications.class);

    private final Engine engine;
    private final Gateway gateway;
    private final Staging staging;
    private final Map<String, Replication> byDatabase = new HashMap<>();

    /**
     * @param gateway knows integrations and their sources
     * @param staging where rows lie on their way
     */
    public Replications(Engine engine, Gateway gateway, Staging staging) {
        this.engine = engine;
        this.gateway = gateway;
        this.staging = staging;
    }

    /** Has all that followed when the namespace's databases were used last follow again. */
    public void resume() throws SQLException {
        for (var database : engine.databases()) {
            try (var session = engine.session(database)) {
                var integration = ReplicationState.integration(session, database);
                if (integration.isPresent()) {
                    start(database, integration.get());
                }
            }
        }
    }

    /**
     * Makes a database that follows an integration's source.
     *
     * @param creation of the database
     * @throws SqlFailure when there is no such integration, or another database has it
     */
    public synchronized void create(String database, Ddl.Integration integration, Change creation) throws SQLException {
        var members = new LinkedHashMap<String, Object>();
        members.put("integration", integration.id());
        members.put("database", database);
        if (integration.database() != null) {
            members.put("sourceDatabase", integration.database());
        }
        gateway.call("ClaimIntegration", members);
        var created = false;
        try {
            creation.run();
            created = true;
        } finally {
            if (!created && !byDatabase.containsKey(database)) {
                release(integration.id(), database);
            }
        }
        start(database, integration.id());
    }

    private void release(String integration, String database) {
        gateway.call("ReleaseIntegration", Map.of("integration", integration, "database", database));
    }

    private synchronized void start(String database, String integration) throws SQLException {
        var activity = new Activity((lagMillis, place) -> report(integration, database, lagMillis, place));
        byDatabase.put(
                database,
                Replication.start(
                        () -> engine.session(database),
                        integration,
                        () -> source(integration, database),
                        staging,
                        activity));
        engine.showIntegrations();
        log.info("database {} follows integration {}", database, integration);
    }

    /**
     * Removes a database, which may be one of users' own.
     *
     * @param removal after which it is no more; when it fails the database goes on following
     */
    public synchronized void drop(String database, Change removal) throws SQLException {
        var replication = byDatabase.remove(database);
        if (replication == null) {
            removal.run();
            return;
        }
        var integration = replication.integration();
        replication.close();
        var removed = false;
        try {
            removal.run();
            removed = true;
        } finally {
            if (!removed) {
                start(database, integration);
            }
        }
        release(integration, database);
    }

    /** Something that makes or removes a database. */
    @FunctionalInterface
    public interface Change {
        void run() throws SQLException;
    }

    /**
     * Has rows of a database copied again, soon.
     *
     * @throws SqlFailure when it follows nothing, or has no such table
     */
    public synchronized void refresh(Ddl.RefreshIntegration refresh) throws SQLException {
        var replication = byDatabase.get(refresh.database());
        if (replication == null) {
            throw SqlFailure.of(
                    SqlState.INVALID_CATALOG_NAME,
                    "database \"%s\" is none of an integration".formatted(refresh.database()));
        }
        try (var session = engine.session(refresh.database())) {
            var tables = new ReplicationState(session).tables().values();
            for (var name : refresh.tables()) {
                if (tables.stream().noneMatch(table -> isNamed(table, name))) {
                    throw SqlFailure.of(
                            SqlState.UNDEFINED_TABLE,
                            "database \"%s\" has no table \"%s\" of its source"
                                    .formatted(refresh.database(), String.join(".", name)));
                }
            }
            replication.refresh(tables.stream()
                    .filter(table -> refresh.tables().isEmpty()
                            || refresh.tables().stream().anyMatch(name -> isNamed(table, name)))
                    .filter(table ->
                            refresh.schema() == null || table.source().schema().equalsIgnoreCase(refresh.schema()))
                    .filter(table -> !refresh.failed() || table.state() == ReplicationState.TableState.FAILED)
                    .map(table -> table.source().id())
                    .toList());
        }
    }

    /** Names are those of the engine, which does not tell their case apart; without a schema it is {@code public}. */
    private static boolean isNamed(ReplicationState.Table table, List<String> name) {
        return table.source().name().equalsIgnoreCase(name.getLast())
                && table.source().schema().equalsIgnoreCase(name.size() > 1 ? name.get(name.size() - 2) : "public");
    }

    /** Has databases whose source is another now, or of which other tables are wanted, follow that; returns at once. */
    public void look() {
        Thread.ofVirtual().name("look at sources").start(() -> {
            List<Replication> all;
            synchronized (this) { // whoever drops a database may have this for long
                all = List.copyOf(byDatabase.values());
            }
            all.forEach(replication -> Thread.ofVirtual().start(replication::look));
        });
    }

    /** That the process has something to do. */
    private void report(String integration, String database, long lagMillis, @Nullable String place) {
        var members = new LinkedHashMap<String, Object>();
        members.put("integration", integration);
        members.put("database", database);
        members.put("lagMillis", lagMillis);
        if (place != null) {
            members.put("place", place);
        }
        try {
            gateway.call("ReportIntegration", members);
        } catch (SqlFailure e) {
            log.debug("the control plane is away", e);
        }
    }

    private FollowedSource source(String integration, String database) {
        JsonNode answer = gateway.call("FollowIntegration", Map.of("integration", integration, "database", database));
        if (!answer.path("tables").isArray()) {
            throw SqlFailure.of(SqlState.INTERNAL_ERROR, "the control plane does not say which tables are followed");
        }
        var transport = new Source.Transport(
                answer.path("sslMode").asText(), answer.path("authority").asText());
        var engine = BinlogSource.Engine.titled(answer.path("engine").asText());
        if (engine.isPresent()) {
            return new BinlogSource(
                    engine.get(),
                    answer.path("host").asText(),
                    answer.path("port").asInt(),
                    answer.path("database").asText(),
                    answer.path("user").asText(),
                    answer.path("password").asText(),
                    transport,
                    answer.path("server").asLong(),
                    TableFilter.of(answer.path("tables")),
                    BinlogSource.PATIENCE);
        }
        return new Source(
                answer.path("host").asText(),
                answer.path("port").asInt(),
                answer.path("database").asText(),
                answer.path("user").asText(),
                answer.path("password").asText(),
                transport,
                answer.path("name").asText(),
                Publication.own(answer.path("name").asText()),
                TableFilter.of(answer.path("tables")),
                Source.PATIENCE);
    }

    @Override
    public synchronized void close() throws SQLException {
        for (var replication : byDatabase.values()) {
            replication.close();
        }
    }
}
