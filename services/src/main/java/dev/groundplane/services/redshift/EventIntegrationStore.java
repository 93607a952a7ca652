package dev.groundplane.services.redshift;

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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshift.model.Integration;

/** S3 event integrations by the id at the end of their ARN. Thread-safe. */
final class EventIntegrationStore {
    static final String INTEGRATION = "redshift:integration";

    private final Resources<Integration> integrations;

    EventIntegrationStore(Database database, Events events) {
        WireForm<Integration> form = WireForm.of(Integration.class, Integration::builder);
        integrations = new Resources<>(database, events, ResourceType.of(INTEGRATION, form::encode, form::decode));
    }

    Resources<Integration> integrations() {
        return integrations;
    }

    static String arn(Scope scope, String id) {
        return scope.arn("redshift", "integration:" + id);
    }

    /** The id that an ARN ends with; empty for an ARN of anything else. */
    static String id(Scope scope, @Nullable String arn) {
        String prefix = arn(scope, "");
        return arn != null && arn.startsWith(prefix) ? arn.substring(prefix.length()) : "";
    }

    /** An account's integrations, in order of their ARNs. */
    List<Integration> list(Scope scope) {
        return integrations.list(scope, "", "", Resources.ALL).items().stream()
                .map(Stored::value)
                .toList();
    }

    /** The same within a transaction. */
    List<Integration> list(Transaction tx, Scope scope) throws SQLException {
        return integrations.list(tx, scope, "", "", Resources.ALL).items().stream()
                .map(Stored::value)
                .toList();
    }

    Optional<Integration> find(Scope scope, @Nullable String arn) {
        return integrations.find(scope, id(scope, arn)).map(Stored::value);
    }

    /** @throws software.amazon.awssdk.services.redshift.model.IntegrationNotFoundException when there is none */
    Stored<Integration> require(Transaction tx, Scope scope, @Nullable String arn) throws SQLException {
        return integrations
                .find(tx, scope, id(scope, arn))
                .orElseThrow(() -> RedshiftErrors.noIntegration(String.valueOf(arn)));
    }
}
