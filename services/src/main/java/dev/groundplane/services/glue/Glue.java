package dev.groundplane.services.glue;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.DatabaseEndpoint.Transport;
import dev.groundplane.services.DatabaseEndpoints;
import dev.groundplane.services.integration.IntegrationSources;
import dev.groundplane.services.integration.IntegrationStore;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Connection;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/** The part of Glue that lives as long as the process. Thread-safe. */
public final class Glue implements DatabaseEndpoints {
    /** As whom it calls other services. */
    public static final String PRINCIPAL = "glue.amazonaws.com";

    private static final int ARN_PARTS = 6;
    private static final String KIND = "connection/";

    private final ConnectionStore store;
    private final Events events;
    private final GlueNeighbours neighbours;
    private final IntegrationStore integrated;
    private final IntegrationSources sources;
    private final Predicate<String> targets;
    private final InstantSource clock;

    /**
     * @param integrated all integrations
     * @param sources looks at what connections are of
     * @param targets whether there is a warehouse's namespace of an ARN, which can follow a source
     */
    public Glue(
            Database database,
            Events events,
            GlueNeighbours neighbours,
            IntegrationStore integrated,
            IntegrationSources sources,
            Predicate<String> targets,
            InstantSource clock) {
        store = new ConnectionStore(database, events);
        this.events = events;
        this.neighbours = neighbours;
        this.integrated = integrated;
        this.sources = sources;
        this.targets = targets;
        this.clock = clock;
    }

    /** Glue on behalf of one call. */
    public GlueClient client(Call call) {
        return new GlueService(
                call,
                new Connections(store, integrated, new ConnectionTarget(neighbours), sources, clock),
                new GlueIntegrations(store, integrated, targets, clock));
    }

    /** What its operations ask to do. */
    public AccessModel access() {
        return new GlueAccess();
    }

    /** By the ARN of a connection. */
    @Override
    public Optional<DatabaseEndpoint> find(String arn) {
        String[] parts = arn.split(":", ARN_PARTS);
        if (parts.length < ARN_PARTS || !parts[2].equals("glue") || !parts[5].startsWith(KIND)) {
            return Optional.empty();
        }
        Scope scope = new Scope(parts[4], parts[3]);
        return store.connections()
                .find(scope, parts[5].substring(KIND.length()))
                .map(this::endpoint);
    }

    private DatabaseEndpoint endpoint(Stored<Connection> stored) {
        Connection connection = stored.value();
        DatabaseAddress address =
                DatabaseAddress.of(connection.connectionTypeAsString(), connection.connectionPropertiesAsStrings());
        String secret = stored.extra().getOrDefault(ConnectionStore.SECRET, "");
        Transport transport = transport(address, stored.extra().getOrDefault(ConnectionStore.CERTIFICATE, ""));
        try {
            return endpoint(
                    address,
                    transport,
                    SourceCredentials.of(neighbours.secret(
                            stored.scope(),
                            GetSecretValueRequest.builder().secretId(secret).build())),
                    "");
        } catch (SecretsManagerException | IllegalArgumentException e) {
            return endpoint(
                    address,
                    transport,
                    new SourceCredentials("", ""),
                    "Secret %s of connection %s cannot be used: %s".formatted(secret, stored.name(), e.getMessage()));
        }
    }

    /** What goes to another host is never in the clear. */
    static Transport transport(DatabaseAddress address, String certificate) {
        if (address.verified()) {
            return new Transport("verify-full", certificate);
        }
        return address.isHere() ? Transport.LOCAL : new Transport("require", "");
    }

    static DatabaseEndpoint endpoint(
            DatabaseAddress address, Transport transport, SourceCredentials credentials, String hindrance) {
        return new DatabaseEndpoint(
                address.engine().title(),
                "",
                address.host(),
                address.port(),
                address.database(),
                credentials.user(),
                credentials.password(),
                transport,
                hindrance);
    }

    @Override
    public void onChange(Runnable action) {
        events.subscribe(ConnectionStore.CONNECTION, change -> action.run());
    }
}
