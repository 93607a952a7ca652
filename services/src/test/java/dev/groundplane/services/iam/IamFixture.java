package dev.groundplane.services.iam;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.StoredCall;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.IamClient;

/** IAM on a real database. */
final class IamFixture implements AutoCloseable {
    static final String ACCOUNT = "123456789012";
    static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");
    static final String TRUST = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},\
            "Action":"sts:AssumeRole"}]}""";
    static final String READS = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}""";

    final Database database;
    final Encryption encryption;
    final Events events = new Events();
    final AccessKeys keys;
    private final Iam iam;

    IamFixture(Path directory) {
        database = new SqliteDatabase(directory.resolve("db"), Resources.MIGRATIONS);
        encryption = SecretKeyFile.open(directory.resolve("key"), directory.resolve("no-database"));
        keys = new AccessKeys(database, events, encryption);
        iam = new Iam(database, events, keys, account -> Optional.empty(), () -> NOW);
    }

    /** The root's client for one call. */
    IamClient client() {
        return iam.client(StoredCall.ofRoot(database, ACCOUNT));
    }

    /** A user's client for one call. */
    IamClient client(Caller caller) {
        return iam.client(new StoredCall(database, caller, new Scope(ACCOUNT, "us-east-1")));
    }

    /** The bodies of all stored resources of a type. */
    List<String> bodies(String type) {
        return database.read(connection -> {
            try (var select = connection.prepareStatement("SELECT body FROM resource WHERE type = ?")) {
                select.setString(1, type);
                List<String> bodies = new ArrayList<>();
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        bodies.add(rows.getString(1));
                    }
                }
                return bodies;
            }
        });
    }

    @Override
    public void close() {
        database.close();
    }
}
