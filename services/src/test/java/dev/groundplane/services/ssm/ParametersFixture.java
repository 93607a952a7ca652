package dev.groundplane.services.ssm;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.StoredCall;
import java.nio.file.Path;
import java.time.Instant;
import software.amazon.awssdk.services.ssm.SsmClient;

/** Parameter Store on a real database with a clock that stands still. */
final class ParametersFixture implements AutoCloseable {
    static final Scope SCOPE = new Scope("123456789012", "us-east-1");
    static final Instant START = Instant.parse("2026-01-15T12:00:00Z");

    final Database database;
    private final Ssm service;

    ParametersFixture(Path directory) {
        database = new SqliteDatabase(directory.resolve("db"), Resources.MIGRATIONS);
        service = new Ssm(
                database,
                new Events(),
                (caller, role, principal) -> RolePassing.Verdict.NO_SUCH_ROLE,
                scope -> {
                    throw new AssertionError("parameters need no role");
                },
                SecretKeyFile.open(directory.resolve("key"), directory.resolve("no-database")),
                () -> START);
    }

    /** A client for one call. */
    SsmClient client() {
        return client(SCOPE);
    }

    SsmClient client(Scope scope) {
        return service.client(new StoredCall(database, Caller.root(scope.account(), ""), scope));
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
        database.close();
    }
}
