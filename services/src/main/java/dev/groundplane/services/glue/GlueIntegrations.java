package dev.groundplane.services.glue;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.integration.DataFilter;
import dev.groundplane.services.integration.IntegrationStore;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.glue.model.Connection;
import software.amazon.awssdk.services.glue.model.CreateIntegrationRequest;
import software.amazon.awssdk.services.glue.model.CreateIntegrationResponse;
import software.amazon.awssdk.services.glue.model.DeleteIntegrationRequest;
import software.amazon.awssdk.services.glue.model.DeleteIntegrationResponse;
import software.amazon.awssdk.services.glue.model.DescribeIntegrationsRequest;
import software.amazon.awssdk.services.glue.model.DescribeIntegrationsResponse;
import software.amazon.awssdk.services.glue.model.ModifyIntegrationRequest;
import software.amazon.awssdk.services.glue.model.ModifyIntegrationResponse;
import software.amazon.awssdk.services.rds.model.Integration;
import software.amazon.awssdk.services.rds.model.IntegrationStatus;
import software.amazon.awssdk.services.rds.model.Tag;

/** Zero-ETL integrations whose source is a connection. */
final class GlueIntegrations {
    static final String SERVICE = "glue";

    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,128}");
    private static final Set<String> CREATION = Set.of(
            "IntegrationName", "SourceArn", "TargetArn", "Description", "DataFilter", "Tags", "Tags.key", "Tags.value");

    private final ConnectionStore connections;
    private final IntegrationStore store;
    private final Predicate<String> targets;
    private final InstantSource clock;

    GlueIntegrations(
            ConnectionStore connections, IntegrationStore store, Predicate<String> targets, InstantSource clock) {
        this.connections = connections;
        this.store = store;
        this.targets = targets;
        this.clock = clock;
    }

    CreateIntegrationResponse create(Call call, CreateIntegrationRequest request) {
        GlueErrors.checkMembers(request, CREATION);
        String name = name(request.integrationName());
        requireTarget(call.scope(), request.targetArn());
        String id = UUID.randomUUID().toString();
        Integration made = call.commit(tx -> {
            DatabaseAddress source = source(tx, call.scope(), request.sourceArn());
            Integration wanted = Integration.builder()
                    .integrationName(name)
                    .integrationArn(IntegrationStore.arn(SERVICE, call.scope(), id))
                    .sourceArn(request.sourceArn())
                    .targetArn(request.targetArn())
                    .dataFilter(filter(source, request.dataFilter()))
                    .description(request.description())
                    .tags(request.tags().stream()
                            .map(tag -> Tag.builder()
                                    .key(tag.key())
                                    .value(tag.value())
                                    .build())
                            .toList())
                    .status(IntegrationStatus.CREATING)
                    .createTime(clock.instant())
                    .build();
            List<Integration> there = store.list(tx, SERVICE, call.scope());
            requireFree(name, there);
            if (there.stream()
                            .filter(one -> one.sourceArn().equals(wanted.sourceArn()))
                            .count()
                    >= IntegrationStore.MOST_OF_A_SOURCE) {
                throw GlueErrors.tooManyIntegrations(wanted.sourceArn(), IntegrationStore.MOST_OF_A_SOURCE);
            }
            store.insert(tx, call.scope(), id, wanted, source.engine());
            return wanted;
        });
        return IntegrationForm.creation(made);
    }

    private static String name(@Nullable String given) {
        if (given == null || !NAME.matcher(given).matches()) {
            throw GlueErrors.invalid("IntegrationName '%s' must be 1 to 128 characters.", String.valueOf(given));
        }
        return given;
    }

    private static void requireFree(String name, List<Integration> there) {
        if (there.stream().anyMatch(one -> one.integrationName().equals(name))) {
            throw GlueErrors.integrationConflict("Integration %s already exists.", name);
        }
    }

    private void requireTarget(Scope scope, @Nullable String arn) {
        String[] parts = arn == null ? new String[0] : arn.split(":", 6);
        if (parts.length < 6
                || !parts[3].equals(scope.region())
                || !parts[4].equals(scope.account())
                || !targets.test(arn)) {
            throw GlueErrors.invalid(
                    "TargetArn '%s' must be the ARN of a Redshift Serverless namespace with a workgroup, or of a cluster's"
                            + " namespace, of account %s in region %s.",
                    String.valueOf(arn), scope.account(), scope.region());
        }
    }

    /** Other accounts' connections are not to be had: resource policies that would let somebody in are not implemented. */
    private DatabaseAddress source(Transaction tx, Scope scope, @Nullable String arn) throws SQLException {
        String prefix = ConnectionStore.arn(scope, "");
        if (arn == null || !arn.startsWith(prefix)) {
            throw GlueErrors.invalid("SourceArn '%s' must be a connection's ARN, %sNAME.", String.valueOf(arn), prefix);
        }
        Connection connection =
                connections.require(tx, scope, arn.substring(prefix.length())).value();
        return DatabaseAddress.of(connection.connectionTypeAsString(), connection.connectionPropertiesAsStrings());
    }

    /** All tables of the connection's database, unless a filter says which of them. */
    private static String filter(DatabaseAddress source, @Nullable String given) {
        String all = DataFilter.allOf(source.engine(), source.database());
        if (given == null) {
            return all;
        }
        try {
            if (!DataFilter.of(source.engine(), given).database().equals(Optional.of(source.database()))) {
                throw GlueErrors.invalid(
                        "DataFilter '%s' must include tables of the connection's database and of no other, as '%s'.",
                        given, all);
            }
            return given;
        } catch (IllegalArgumentException e) {
            throw GlueErrors.invalid("%s", String.valueOf(e.getMessage()));
        }
    }

    DescribeIntegrationsResponse describe(Call call, DescribeIntegrationsRequest request) {
        GlueErrors.checkMembers(request, Set.of("IntegrationIdentifier", "Marker", "MaxRecords"));
        List<Integration> all = request.integrationIdentifier() == null
                ? store.list(SERVICE, call.scope())
                : List.of(store.find(SERVICE, call.scope(), request.integrationIdentifier())
                        .orElseThrow(() -> GlueErrors.noIntegration(request.integrationIdentifier())));
        Pages.Page<Integration> page =
                Pages.of(all, Integration::integrationArn, request.maxRecords(), request.marker());
        return DescribeIntegrationsResponse.builder()
                .integrations(page.items().stream().map(IntegrationForm::of).toList())
                .marker(page.next())
                .build();
    }

    ModifyIntegrationResponse modify(Call call, ModifyIntegrationRequest request) {
        GlueErrors.checkMembers(
                request, Set.of("IntegrationIdentifier", "IntegrationName", "Description", "DataFilter"));
        return call.commit(tx -> {
            Stored<Integration> stored = require(tx, call, request.integrationIdentifier());
            Integration.Builder next = stored.value().toBuilder();
            if (request.integrationName() != null
                    && !request.integrationName().equals(stored.value().integrationName())) {
                next.integrationName(name(request.integrationName()));
                requireFree(request.integrationName(), store.list(tx, SERVICE, call.scope()));
            }
            if (request.description() != null) {
                next.description(request.description());
            }
            if (request.dataFilter() != null) {
                DatabaseAddress source = source(tx, call.scope(), stored.value().sourceArn());
                next.dataFilter(filter(source, request.dataFilter()));
            }
            Integration modified = next.build();
            store.integrations().update(tx, stored.with(modified));
            return IntegrationForm.modification(modified);
        });
    }

    DeleteIntegrationResponse delete(Call call, DeleteIntegrationRequest request) {
        return call.commit(tx -> {
            Stored<Integration> stored = require(tx, call, request.integrationIdentifier());
            Integration deleted = stored.value().toBuilder()
                    .status(IntegrationStatus.DELETING)
                    .build();
            store.integrations().update(tx, stored.with(deleted));
            return IntegrationForm.deletion(deleted);
        });
    }

    /** One that is not being deleted. */
    private Stored<Integration> require(Transaction tx, Call call, @Nullable String identifier) throws SQLException {
        Stored<Integration> stored = store.find(tx, SERVICE, call.scope(), identifier)
                .orElseThrow(() -> GlueErrors.noIntegration(String.valueOf(identifier)));
        if (stored.value().status() == IntegrationStatus.DELETING) {
            throw GlueErrors.integrationConflict(
                    "Integration %s is being deleted.", stored.value().integrationName());
        }
        return stored;
    }
}
