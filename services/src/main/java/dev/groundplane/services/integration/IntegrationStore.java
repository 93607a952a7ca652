package dev.groundplane.services.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.Integration;

/** Integrations by the id at the end of their ARN, which is never used again. Thread-safe. */
public final class IntegrationStore {
    static final String INTEGRATION = "rds:integration";

    /** "Quotas and constraints for Amazon Aurora": for each source. */
    public static final int MOST_OF_A_SOURCE = 5;

    /** Extra: the warehouse's database that follows the source; absent while there is none. */
    static final String DATABASE = "database";

    /** Extra: the source's database that is followed. */
    static final String SOURCE_DATABASE = "source-database";

    /** Extra: the source's engine; absent for PostgreSQL. */
    private static final String ENGINE = "engine";

    private static final String KIND = "integration:";

    private final Database database;
    private final Resources<Integration> integrations;

    public IntegrationStore(Database database, Events events) {
        this.database = database;
        WireForm<Integration> form = WireForm.of(Integration.class, Integration::builder);
        integrations = new Resources<>(database, events, ResourceType.of(INTEGRATION, form::encode, form::decode));
    }

    Database database() {
        return database;
    }

    /** All of them, of every service. */
    public Resources<Integration> integrations() {
        return integrations;
    }

    /**
     * An integration's ARN.
     *
     * @param service whose API made it, {@code rds} or {@code glue}
     */
    public static String arn(String service, Scope scope, String id) {
        return scope.arn(service, KIND + id);
    }

    /** The id that an ARN of either service ends with, or the id itself. */
    static String id(Scope scope, String identifier) {
        return id("glue", scope, id("rds", scope, identifier));
    }

    /** Only the service's own ARN names it there: who may call what is asked of the ARN as it is given. */
    private static String id(String service, Scope scope, String identifier) {
        String prefix = arn(service, scope, "");
        return identifier.startsWith(prefix) ? identifier.substring(prefix.length()) : identifier;
    }

    /** An account's integrations that a service made. */
    public List<Integration> list(String service, Scope scope) {
        return integrations.list(scope, "", "", Resources.ALL).items().stream()
                .map(Stored::value)
                .filter(one -> isOf(service, scope, one))
                .toList();
    }

    /** The same within a transaction. */
    public List<Integration> list(Transaction tx, String service, Scope scope) throws SQLException {
        return integrations.list(tx, scope, "", "", Resources.ALL).items().stream()
                .map(Stored::value)
                .filter(one -> isOf(service, scope, one))
                .toList();
    }

    /** One that a service made, by its id or ARN. */
    public Optional<Integration> find(String service, Scope scope, String identifier) {
        return integrations
                .find(scope, id(service, scope, identifier))
                .map(Stored::value)
                .filter(one -> isOf(service, scope, one));
    }

    /** The same within a transaction. */
    public Optional<Stored<Integration>> find(Transaction tx, String service, Scope scope, @Nullable String identifier)
            throws SQLException {
        return integrations
                .find(tx, scope, id(service, scope, identifier == null ? "" : identifier))
                .filter(one -> isOf(service, scope, one.value()));
    }

    private static boolean isOf(String service, Scope scope, Integration integration) {
        return integration.integrationArn().startsWith(arn(service, scope, ""));
    }

    /**
     * Adds one.
     *
     * @param engine of its source, which it keeps
     */
    public void insert(Transaction tx, Scope scope, String id, Integration made, SourceEngine engine)
            throws SQLException {
        integrations.insert(tx, scope, id, made, Map.of(ENGINE, engine.title()));
    }

    /** Which tables it is of. */
    static DataFilter filter(Stored<Integration> integration) {
        SourceEngine engine = Optional.ofNullable(integration.extra().get(ENGINE))
                .flatMap(SourceEngine::titled)
                .orElse(SourceEngine.POSTGRESQL);
        return DataFilter.of(engine, integration.value().dataFilter());
    }

    /** The warehouse's database that follows; empty while there is none. */
    static Optional<String> follower(Stored<Integration> integration) {
        return Optional.ofNullable(integration.extra().get(DATABASE));
    }

    /** The source's database that is followed; empty while none is. */
    public static Optional<String> sourceDatabase(Stored<Integration> integration) {
        return Optional.ofNullable(integration.extra().get(SOURCE_DATABASE));
    }

    /** The publication and the replication slot at the source that are this integration's. */
    static String slot(String id) {
        return "groundplane_" + id.replace("-", "");
    }

    /** As which replica the integration follows a MariaDB or MySQL server, where no two may be the same; 0 is none. */
    static long server(String id) {
        CRC32 sum = new CRC32();
        sum.update(id.getBytes(UTF_8));
        return Math.max(1, sum.getValue());
    }
}
