package dev.groundplane.services.glue;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import software.amazon.awssdk.services.glue.model.Connection;

/** Connections by their names. Thread-safe. */
final class ConnectionStore {
    static final String CONNECTION = "glue:connection";

    /** Extra: the ARN of the secret, to which whoever made the connection had the right. */
    static final String SECRET = "secret";

    /** Extra: the authority's certificate, in PEM, as it was when the connection was made; absent for those that Java knows. */
    static final String CERTIFICATE = "certificate";

    private final Database database;
    private final Resources<Connection> connections;

    ConnectionStore(Database database, Events events) {
        this.database = database;
        WireForm<Connection> form = WireForm.of(Connection.class, Connection::builder);
        connections = new Resources<>(database, events, ResourceType.of(CONNECTION, form::encode, form::decode));
    }

    Database database() {
        return database;
    }

    Resources<Connection> connections() {
        return connections;
    }

    static String arn(Scope scope, String name) {
        return scope.arn("glue", "connection/" + name);
    }

    /** @throws software.amazon.awssdk.services.glue.model.EntityNotFoundException when there is none */
    Stored<Connection> require(Scope scope, String name) {
        return connections.find(scope, name).orElseThrow(() -> GlueErrors.noConnection(name));
    }

    /** @throws software.amazon.awssdk.services.glue.model.EntityNotFoundException when there is none */
    Stored<Connection> require(Transaction tx, Scope scope, String name) throws SQLException {
        return connections.find(tx, scope, name).orElseThrow(() -> GlueErrors.noConnection(name));
    }
}
