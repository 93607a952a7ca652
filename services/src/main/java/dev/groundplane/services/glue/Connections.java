package dev.groundplane.services.glue;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.integration.IntegrationSources;
import dev.groundplane.services.integration.IntegrationStore;
import dev.groundplane.services.integration.SourceFinding;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.glue.model.Connection;
import software.amazon.awssdk.services.glue.model.ConnectionInput;
import software.amazon.awssdk.services.glue.model.ConnectionStatus;
import software.amazon.awssdk.services.glue.model.CreateConnectionRequest;
import software.amazon.awssdk.services.glue.model.CreateConnectionResponse;
import software.amazon.awssdk.services.glue.model.DeleteConnectionRequest;
import software.amazon.awssdk.services.glue.model.DeleteConnectionResponse;
import software.amazon.awssdk.services.glue.model.GetConnectionRequest;
import software.amazon.awssdk.services.glue.model.GetConnectionResponse;
import software.amazon.awssdk.services.glue.model.GetConnectionsRequest;
import software.amazon.awssdk.services.glue.model.GetConnectionsResponse;
import software.amazon.awssdk.services.glue.model.TestConnectionRequest;
import software.amazon.awssdk.services.glue.model.TestConnectionResponse;
import software.amazon.awssdk.services.glue.model.UpdateConnectionRequest;
import software.amazon.awssdk.services.glue.model.UpdateConnectionResponse;
import software.amazon.awssdk.services.rds.model.Integration;

/** Databases that are somebody else's: where they are, and which secret opens them. */
final class Connections {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,255}");
    private static final Set<String> INPUT = Set.of(
            "CatalogId",
            "Name",
            "ConnectionInput",
            "ConnectionInput.Name",
            "ConnectionInput.Description",
            "ConnectionInput.ConnectionType",
            "ConnectionInput.ConnectionProperties");
    private static final Set<String> TESTED = Set.of(
            "CatalogId",
            "ConnectionName",
            "TestConnectionInput",
            "TestConnectionInput.ConnectionType",
            "TestConnectionInput.ConnectionProperties");

    private final ConnectionStore store;
    private final IntegrationStore integrated;
    private final ConnectionTarget target;
    private final IntegrationSources sources;
    private final InstantSource clock;

    Connections(
            ConnectionStore store,
            IntegrationStore integrated,
            ConnectionTarget target,
            IntegrationSources sources,
            InstantSource clock) {
        this.store = store;
        this.integrated = integrated;
        this.target = target;
        this.sources = sources;
        this.clock = clock;
    }

    CreateConnectionResponse create(Call call, CreateConnectionRequest request) {
        GlueErrors.checkMembers(request, INPUT);
        requireOwn(call.scope(), request.catalogId());
        ConnectionInput input = input(request.connectionInput());
        ConnectionTarget.Resolved resolved =
                target.resolve(call, input.connectionTypeAsString(), input.connectionPropertiesAsStrings());
        Connection made = described(input).creationTime(clock.instant()).build();
        return call.commit(tx -> {
            if (store.connections().find(tx, call.scope(), made.name()).isPresent()) {
                throw GlueErrors.connectionExists(made.name());
            }
            store.connections().insert(tx, call.scope(), made.name(), made, resolved.extra());
            return CreateConnectionResponse.builder()
                    .createConnectionStatus(ConnectionStatus.READY)
                    .build();
        });
    }

    private static ConnectionInput input(@Nullable ConnectionInput given) {
        if (given == null) {
            throw GlueErrors.invalid("ConnectionInput is required.");
        }
        name(given.name());
        return given;
    }

    private static String name(@Nullable String given) {
        if (given == null || !NAME.matcher(given).matches()) {
            throw GlueErrors.invalid(
                    "Name '%s' must be 1 to 255 letters, digits, '_', '-' and '.'.", String.valueOf(given));
        }
        return given;
    }

    private Connection.Builder described(ConnectionInput input) {
        Instant now = clock.instant();
        return Connection.builder()
                .name(input.name())
                .description(input.description())
                .connectionType(input.connectionTypeAsString())
                .connectionPropertiesWithStrings(input.connectionPropertiesAsStrings())
                .connectionSchemaVersion(1)
                .status(ConnectionStatus.READY)
                .lastUpdatedTime(now);
    }

    /** There is one catalog, the account's own. */
    private static void requireOwn(Scope scope, @Nullable String catalog) {
        if (catalog != null && !catalog.equals(scope.account())) {
            throw GlueErrors.invalid("CatalogId '%s' must be the account's own, %s.", catalog, scope.account());
        }
    }

    GetConnectionResponse get(Call call, GetConnectionRequest request) {
        GlueErrors.checkMembers(request, Set.of("CatalogId", "Name", "HidePassword"));
        requireOwn(call.scope(), request.catalogId());
        return GetConnectionResponse.builder()
                .connection(store.require(call.scope(), name(request.name())).value())
                .build();
    }

    GetConnectionsResponse list(Call call, GetConnectionsRequest request) {
        GlueErrors.checkMembers(
                request,
                Set.of("CatalogId", "Filter", "Filter.ConnectionType", "HidePassword", "NextToken", "MaxResults"));
        requireOwn(call.scope(), request.catalogId());
        String type = request.filter() == null ? null : request.filter().connectionTypeAsString();
        Pages.Page<Connection> page = Pages.of(
                store.connections().list(call.scope(), "", "", Integer.MAX_VALUE).items().stream()
                        .map(Stored::value)
                        .filter(one -> type == null || type.equals(one.connectionTypeAsString()))
                        .toList(),
                Connection::name,
                request.maxResults(),
                request.nextToken());
        return GetConnectionsResponse.builder()
                .connectionList(page.items())
                .nextToken(page.next())
                .build();
    }

    /** Whoever follows connects to what it is then with the next connection. */
    UpdateConnectionResponse update(Call call, UpdateConnectionRequest request) {
        GlueErrors.checkMembers(request, INPUT);
        requireOwn(call.scope(), request.catalogId());
        String name = name(request.name());
        ConnectionInput input = input(request.connectionInput());
        if (!input.name().equals(name)) {
            throw GlueErrors.invalid(
                    "ConnectionInput.Name '%s' must be '%s': names do not change.", input.name(), name);
        }
        ConnectionTarget.Resolved resolved =
                target.resolve(call, input.connectionTypeAsString(), input.connectionPropertiesAsStrings());
        return call.commit(tx -> {
            Stored<Connection> stored = store.require(tx, call.scope(), name);
            requireSameDatabase(tx, stored, input);
            Connection next =
                    described(input).creationTime(stored.value().creationTime()).build();
            store.connections()
                    .update(tx, new Stored<>(stored.scope(), name, stored.version(), next, resolved.extra()));
            return UpdateConnectionResponse.builder().build();
        });
    }

    /** An integration follows the database that it was made for. */
    private void requireSameDatabase(Transaction tx, Stored<Connection> stored, ConnectionInput input)
            throws SQLException {
        DatabaseAddress before = DatabaseAddress.of(
                stored.value().connectionTypeAsString(), stored.value().connectionPropertiesAsStrings());
        DatabaseAddress after =
                DatabaseAddress.of(input.connectionTypeAsString(), input.connectionPropertiesAsStrings());
        if (before.engine() != after.engine()) {
            requireUnused(tx, stored, "JDBC_ENGINE", before.engine().title());
        }
        if (!before.database().equals(after.database())) {
            requireUnused(tx, stored, "DATABASE", before.database());
        }
    }

    private void requireUnused(Transaction tx, Stored<Connection> stored, String property, String value)
            throws SQLException {
        Optional<Integration> user = integration(tx, stored);
        if (user.isPresent()) {
            throw GlueErrors.invalid(
                    "%s must stay '%s' while integration %s follows it.",
                    property, value, user.get().integrationName());
        }
    }

    private Optional<Integration> integration(Transaction tx, Stored<Connection> connection) throws SQLException {
        String arn = ConnectionStore.arn(connection.scope(), connection.name());
        return integrated.list(tx, GlueIntegrations.SERVICE, connection.scope()).stream()
                .filter(one -> one.sourceArn().equals(arn))
                .findFirst();
    }

    DeleteConnectionResponse delete(Call call, DeleteConnectionRequest request) {
        requireOwn(call.scope(), request.catalogId());
        String name = name(request.connectionName());
        return call.commit(tx -> {
            Stored<Connection> stored = store.require(tx, call.scope(), name);
            var user = integration(tx, stored);
            if (user.isPresent()) {
                throw GlueErrors.connectionInUse(name, user.get().integrationName());
            }
            store.connections().delete(tx, stored);
            return DeleteConnectionResponse.builder().build();
        });
    }

    /** Connects, and looks whether the database can be followed; the connection says afterwards what was found. */
    TestConnectionResponse test(Call call, TestConnectionRequest request) {
        GlueErrors.checkMembers(request, TESTED);
        requireOwn(call.scope(), request.catalogId());
        if ((request.connectionName() == null) == (request.testConnectionInput() == null)) {
            throw GlueErrors.invalid("One of ConnectionName and TestConnectionInput is required.");
        }
        if (request.testConnectionInput() != null) {
            var input = request.testConnectionInput();
            requireReady(findings(call, input.connectionTypeAsString(), input.connectionPropertiesAsStrings()));
            return TestConnectionResponse.builder().build();
        }
        String name = name(request.connectionName());
        Connection connection = store.require(call.scope(), name).value();
        List<SourceFinding> findings =
                findings(call, connection.connectionTypeAsString(), connection.connectionPropertiesAsStrings());
        store.database().write(tx -> {
            Stored<Connection> stored = store.require(tx, call.scope(), name);
            return store.connections().update(tx, stored.with(noted(stored.value(), findings)));
        });
        requireReady(findings);
        return TestConnectionResponse.builder().build();
    }

    private List<SourceFinding> findings(Call call, @Nullable String type, Map<String, String> properties) {
        DatabaseEndpoint endpoint = target.resolve(call, type, properties).endpoint();
        return sources.check(endpoint, endpoint.database(), "");
    }

    private Connection noted(Connection connection, List<SourceFinding> findings) {
        boolean hindered = findings.stream().anyMatch(SourceFinding::hinders);
        return connection.toBuilder()
                .status(hindered ? ConnectionStatus.FAILED : ConnectionStatus.READY)
                .statusReason(findings.isEmpty() ? null : lines(findings))
                .lastConnectionValidationTime(clock.instant())
                .build();
    }

    private static void requireReady(List<SourceFinding> findings) {
        if (findings.stream().anyMatch(SourceFinding::hinders)) {
            throw GlueErrors.invalid("%s", "The database cannot be followed yet.\n" + lines(findings));
        }
    }

    private static String lines(List<SourceFinding> findings) {
        return findings.stream().map(one -> "- " + one).collect(Collectors.joining("\n"));
    }
}
