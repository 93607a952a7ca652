package dev.groundplane.server;

import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.PostgresDatabase;
import dev.groundplane.platform.store.PostgresServer;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.local.StoreLocation;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The database of an installation with the key that belongs to it.
 *
 * @param database whoever opens this closes it
 * @param events tells of its changes
 * @param encryption seals what the database must not show
 * @param trail the audit trail in it
 * @param objects the directory where contents of S3's objects lie
 */
record OpenStore(Database database, Events events, Encryption encryption, AuditTrail trail, Path objects) {
    /**
     * Opens both. A missing key is made only where nothing was encrypted yet.
     *
     * @param location where the database is; empty for the data directory
     */
    static OpenStore of(DataDirectory data, Optional<StoreLocation> location) {
        return location.isPresent() ? shared(data, location.get()) : own(data);
    }

    private static OpenStore own(DataDirectory data) {
        Encryption encryption = SecretKeyFile.open(data.secretKey(), data.database());
        Database database = new SqliteDatabase(data.database(), Services.migrations());
        return new OpenStore(database, new Events(), encryption, new AuditTrail(database), data.objects());
    }

    private static OpenStore shared(DataDirectory data, StoreLocation location) {
        PostgresServer server = location.server(System.getenv());
        Events events = new Events();
        Database database = new PostgresDatabase(server, Services.migrations(), events);
        try {
            Optional<String> encrypted =
                    Installation.isIn(database, events) ? Optional.of(server.address()) : Optional.empty();
            Encryption encryption = SecretKeyFile.open(location.secretKey(data), encrypted);
            location.keep(data);
            return new OpenStore(
                    database, events, encryption, new AuditTrail(database, location.chain()), location.objects(data));
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }
}
