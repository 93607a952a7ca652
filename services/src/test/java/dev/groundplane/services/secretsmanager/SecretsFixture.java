package dev.groundplane.services.secretsmanager;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.Decision;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.StoredCall;
import java.nio.file.Path;
import java.time.Instant;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Secrets Manager on a real database with a clock that tests set. The sweep runs only when a test says so. */
final class SecretsFixture implements AutoCloseable {
    static final Scope SCOPE = new Scope("123456789012", "us-east-1");
    static final Instant START = Instant.parse("2026-01-15T12:00:00Z");

    final Database database;
    private final SecretsManager service;
    volatile Instant now = START;

    SecretsFixture(Path directory) {
        database = new SqliteDatabase(directory.resolve("db"), Resources.MIGRATIONS);
        service = new SecretsManager(
                database,
                new Events(),
                SecretKeyFile.open(directory.resolve("key"), directory.resolve("no-database")),
                (caller, request) -> Decision.allowed(),
                () -> now);
    }

    /** A client for one call. */
    SecretsManagerClient client() {
        return client(SCOPE);
    }

    SecretsManagerClient client(Scope scope) {
        return service.client(new StoredCall(database, Caller.root(scope.account(), ""), scope));
    }

    void sweep() {
        service.expiry().sweep();
    }

    /** Returns when everything queued to be written before is stored. */
    void flush() {
        database.write(tx -> true);
    }

    long rows() {
        return database.read(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT COUNT(*) FROM resource")) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    @Override
    public void close() {
        service.close();
        database.close();
    }
}
