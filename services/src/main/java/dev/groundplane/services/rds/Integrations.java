package dev.groundplane.services.rds;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.DatabaseEndpoints;
import dev.groundplane.services.integration.DataFilter;
import dev.groundplane.services.integration.IntegrationStore;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.CreateIntegrationRequest;
import software.amazon.awssdk.services.rds.model.CreateIntegrationResponse;
import software.amazon.awssdk.services.rds.model.DeleteIntegrationRequest;
import software.amazon.awssdk.services.rds.model.DeleteIntegrationResponse;
import software.amazon.awssdk.services.rds.model.DescribeIntegrationsRequest;
import software.amazon.awssdk.services.rds.model.DescribeIntegrationsResponse;
import software.amazon.awssdk.services.rds.model.Integration;
import software.amazon.awssdk.services.rds.model.IntegrationStatus;
import software.amazon.awssdk.services.rds.model.ModifyIntegrationRequest;
import software.amazon.awssdk.services.rds.model.ModifyIntegrationResponse;

/** Zero-ETL integrations: which warehouse follows which DB cluster. */
final class Integrations {
    private static final Pattern NAME = Pattern.compile("(?=.{1,63}$)[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*");
    private static final String SERVICE = "rds";

    private static final Map<String, Function<Integration, List<String>>> FILTERS = Map.of(
            "integration-name", integration -> List.of(integration.integrationName()),
            "source-arn", integration -> List.of(integration.sourceArn()),
            "target-arn", integration -> List.of(integration.targetArn()),
            "status", integration -> List.of(integration.statusAsString()));

    private final IntegrationStore store;
    private final DatabaseEndpoints sources;
    private final Predicate<String> targets;
    private final InstantSource clock;

    /** @param targets whether there is a warehouse's namespace of an ARN */
    Integrations(IntegrationStore store, DatabaseEndpoints sources, Predicate<String> targets, InstantSource clock) {
        this.store = store;
        this.sources = sources;
        this.targets = targets;
        this.clock = clock;
    }

    CreateIntegrationResponse create(Call call, CreateIntegrationRequest request) {
        String name = name(request.integrationName());
        filter(request.dataFilter());
        RdsRules.only("KMSKeyId", request.kmsKeyId(), "");
        requireOwn(call, "SourceArn", request.sourceArn());
        requireOwn(call, "TargetArn", request.targetArn());
        if (sources.find(request.sourceArn()).isEmpty()) {
            throw RdsErrors.noCluster(request.sourceArn());
        }
        if (!targets.test(request.targetArn())) {
            throw RdsErrors.invalid(
                    "TargetArn '%s' must be the ARN of a Redshift Serverless namespace with a workgroup, or of a cluster's"
                            + " namespace.",
                    request.targetArn());
        }
        String id = UUID.randomUUID().toString();
        Integration made = Integration.builder()
                .integrationName(name)
                .integrationArn(IntegrationStore.arn(SERVICE, call.scope(), id))
                .sourceArn(request.sourceArn())
                .targetArn(request.targetArn())
                .dataFilter(Objects.requireNonNullElse(request.dataFilter(), DataFilter.EVERYTHING))
                .description(request.description())
                .additionalEncryptionContext(
                        request.hasAdditionalEncryptionContext() ? request.additionalEncryptionContext() : null)
                .tags(request.tags())
                .status(IntegrationStatus.CREATING)
                .createTime(clock.instant())
                .build();
        call.commit(tx -> {
            List<Integration> there = store.list(tx, SERVICE, call.scope());
            requireFree(name, there);
            if (there.stream()
                            .filter(one -> one.sourceArn().equals(made.sourceArn()))
                            .count()
                    >= IntegrationStore.MOST_OF_A_SOURCE) {
                throw RdsErrors.tooManyIntegrations(made.sourceArn(), IntegrationStore.MOST_OF_A_SOURCE);
            }
            store.integrations().insert(tx, call.scope(), id, made, Map.of());
            return made;
        });
        return CreateIntegrationResponse.builder()
                .integrationName(made.integrationName())
                .integrationArn(made.integrationArn())
                .sourceArn(made.sourceArn())
                .targetArn(made.targetArn())
                .dataFilter(made.dataFilter())
                .description(made.description())
                .additionalEncryptionContext(made.additionalEncryptionContext())
                .tags(made.tags())
                .status(made.status())
                .createTime(made.createTime())
                .build();
    }

    private static DataFilter filter(@Nullable String given) {
        try {
            return DataFilter.of(given);
        } catch (IllegalArgumentException e) {
            throw RdsErrors.invalid("%s", String.valueOf(e.getMessage()));
        }
    }

    private Stored<Integration> require(Transaction tx, Call call, @Nullable String identifier) throws SQLException {
        return store.find(tx, SERVICE, call.scope(), identifier)
                .orElseThrow(() -> RdsErrors.noIntegration(String.valueOf(identifier)));
    }

    private static void requireFree(String name, List<Integration> there) {
        if (there.stream().anyMatch(one -> one.integrationName().equals(name))) {
            throw RdsErrors.integrationExists(name);
        }
    }

    private static String name(@Nullable String given) {
        if (given == null || !NAME.matcher(given).matches()) {
            throw RdsErrors.invalid(
                    "IntegrationName '%s' must be 1 to 63 letters, digits and single hyphens, beginning with a letter and"
                            + " not ending with a hyphen.",
                    String.valueOf(given));
        }
        return given;
    }

    /** Resource policies that would let other accounts in are not implemented. */
    private static void requireOwn(Call call, String member, @Nullable String arn) {
        String[] parts = arn == null ? new String[0] : arn.split(":", 6);
        if (parts.length < 6
                || !parts[3].equals(call.scope().region())
                || !parts[4].equals(call.scope().account())) {
            throw RdsErrors.invalid(
                    "%s '%s' must be an ARN of account %s in region %s.",
                    member,
                    String.valueOf(arn),
                    call.scope().account(),
                    call.scope().region());
        }
    }

    DescribeIntegrationsResponse describe(Call call, DescribeIntegrationsRequest request) {
        List<Integration> all = store.list(SERVICE, call.scope());
        if (request.integrationIdentifier() != null) {
            all = List.of(store.find(SERVICE, call.scope(), request.integrationIdentifier())
                    .orElseThrow(() -> RdsErrors.noIntegration(request.integrationIdentifier())));
        }
        Pages.Page<Integration> page = Pages.of(
                Pages.filtered(all, request.filters(), FILTERS),
                Integration::integrationArn,
                request.maxRecords(),
                request.marker());
        return DescribeIntegrationsResponse.builder()
                .integrations(page.items())
                .marker(page.marker())
                .build();
    }

    ModifyIntegrationResponse modify(Call call, ModifyIntegrationRequest request) {
        Integration modified = call.commit(tx -> {
            Stored<Integration> stored = require(tx, call, request.integrationIdentifier());
            requireNotDeleting(stored.value());
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
                requireFollowed(stored, request.dataFilter());
                next.dataFilter(request.dataFilter());
            }
            store.integrations().update(tx, stored.with(next.build()));
            return next.build();
        });
        return ModifyIntegrationResponse.builder()
                .integrationName(modified.integrationName())
                .integrationArn(modified.integrationArn())
                .sourceArn(modified.sourceArn())
                .targetArn(modified.targetArn())
                .dataFilter(modified.dataFilter())
                .description(modified.description())
                .tags(modified.tags())
                .status(modified.status())
                .createTime(modified.createTime())
                .build();
    }

    private static void requireFollowed(Stored<Integration> integration, String filter) {
        DataFilter next = filter(filter);
        IntegrationStore.sourceDatabase(integration)
                .filter(database -> !next.includes(database))
                .ifPresent(database -> {
                    throw RdsErrors.invalid(
                            "DataFilter '%s' must include tables of database %s while the warehouse follows it.",
                            filter, database);
                });
    }

    DeleteIntegrationResponse delete(Call call, DeleteIntegrationRequest request) {
        Integration deleted = call.commit(tx -> {
            Stored<Integration> stored = require(tx, call, request.integrationIdentifier());
            requireNotDeleting(stored.value());
            Integration next = stored.value().toBuilder()
                    .status(IntegrationStatus.DELETING)
                    .build();
            store.integrations().update(tx, stored.with(next));
            return next;
        });
        return DeleteIntegrationResponse.builder()
                .integrationName(deleted.integrationName())
                .integrationArn(deleted.integrationArn())
                .sourceArn(deleted.sourceArn())
                .targetArn(deleted.targetArn())
                .dataFilter(deleted.dataFilter())
                .description(deleted.description())
                .tags(deleted.tags())
                .status(deleted.status())
                .createTime(deleted.createTime())
                .build();
    }

    private static void requireNotDeleting(Integration integration) {
        if (integration.status() == IntegrationStatus.DELETING) {
            throw RdsErrors.integrationConflict(
                    "Integration %s is being deleted.".formatted(integration.integrationName()));
        }
    }
}
