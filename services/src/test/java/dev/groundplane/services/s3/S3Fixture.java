package dev.groundplane.services.s3;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.Decision;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Migration;
import dev.groundplane.platform.store.PostgresDatabase;
import dev.groundplane.platform.store.PostgresServer;
import dev.groundplane.services.StoredCall;
import dev.groundplane.testing.TestStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** S3 on a real database and a real directory, with a clock that tests set. Sweeps run only when a test says so. */
public final class S3Fixture implements AutoCloseable {
    public static final Scope SCOPE = new Scope("123456789012", "us-east-1");
    static final Instant START = Instant.parse("2026-01-15T12:00:00Z");

    final Path directory;
    public final Database database;
    public final List<ObjectEvent> events = new CopyOnWriteArrayList<>();
    private S3 service;
    volatile Instant now = START;

    S3Fixture(Path directory) {
        this(directory, List.of());
    }

    /** On a database that has further tables. */
    public S3Fixture(Path directory, List<Migration> further) {
        this(
                directory,
                TestStore.open(
                        directory.resolve("db"),
                        Stream.concat(S3.MIGRATIONS.stream(), further.stream()).toList(),
                        new Events()));
    }

    /** One of several control planes that share a database, and the directory if they are given the same. */
    static S3Fixture replica(Path directory, PostgresServer server) {
        Database database = new PostgresDatabase(server, S3.MIGRATIONS, new Events());
        try {
            return new S3Fixture(directory, database);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private S3Fixture(Path directory, Database database) {
        this.directory = directory;
        this.database = database;
        service = open();
    }

    private S3 open() {
        S3 opened = new S3(
                database,
                directory.resolve("s3"),
                SecretKeyFile.open(directory.resolve("key"), directory.resolve("no-database")),
                (caller, asked) -> Decision.allowed(),
                () -> now);
        opened.events().subscribe(events::add);
        return opened;
    }

    /** The next start of the process. */
    void restart() {
        service.close();
        service = open();
    }

    public S3 service() {
        return service;
    }

    /** A client for one call. */
    public S3Client client() {
        return client(SCOPE);
    }

    public S3Client client(Scope scope) {
        return service.client(new StoredCall(database, Caller.root(scope.account(), ""), scope));
    }

    void bucket(String name) {
        client().createBucket(r -> r.bucket(name));
    }

    void versioned(String name) {
        bucket(name);
        client().putBucketVersioning(r -> r.bucket(name).versioningConfiguration(v -> v.status("Enabled")));
    }

    PutObjectResponse put(String bucket, String key, String text) {
        return client().putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString(text));
    }

    String text(String bucket, String key) {
        return bytes(bucket, key).asUtf8String();
    }

    ResponseBytes<GetObjectResponse> bytes(String bucket, String key) {
        return client().getObject(r -> r.bucket(bucket).key(key), ResponseTransformer.toBytes());
    }

    /** The content files that are there. */
    List<Path> files() {
        try (Stream<Path> all = Files.walk(directory.resolve("s3"))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("swept") && !file.endsWith("installation"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The small contents that are there, as they are kept. */
    List<byte[]> rows() {
        return database.read(connection -> {
            List<byte[]> found = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement("SELECT content FROM s3_small");
                    ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getBytes(1));
                }
            }
            return found;
        });
    }

    /** How many contents there are, in files and in rows. */
    public int contents() {
        return files().size() + rows().size();
    }

    @Override
    public void close() {
        service.close();
        database.close();
    }
}
