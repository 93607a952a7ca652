package dev.groundplane.platform.audit;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.testing.TestStore;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** A trail with checkpoints on a real database, with a clock that tests set and ways to tamper with it. */
final class TrailFixture implements AutoCloseable {
    static final Instant START = Instant.parse("2026-01-15T12:00:00Z");
    static final String ACCOUNT = "111111111111";

    final Path directory;
    final Encryption key;
    volatile Instant now = START;
    Database database;
    AuditTrail trail;
    AuditCheckpoints checkpoints;

    TrailFixture(Path directory) {
        this.directory = directory;
        this.key = SecretKeyFile.open(directory.resolve("key"), directory.resolve("no-database"));
        open();
    }

    /** What a control plane does when it starts. */
    void open() {
        database = TestStore.open(
                file(),
                Stream.of(AuditTrail.MIGRATIONS, AuditCheckpoints.MIGRATIONS)
                        .flatMap(List::stream)
                        .toList(),
                new Events());
        trail = new AuditTrail(database);
        checkpoints = new AuditCheckpoints(
                database, trail, key, directory.resolve("checkpoint"), Duration.ofDays(1), () -> now);
        checkpoints.start();
    }

    /** What one of several control planes writes with. */
    record Writer(AuditTrail trail, AuditCheckpoints checkpoints) {}

    /** Another control plane that starts, with a checkpoint file of its own. */
    Writer writer(String chain) {
        AuditTrail its = new AuditTrail(database, chain);
        AuditCheckpoints signs = new AuditCheckpoints(
                database, its, key, directory.resolve("checkpoint-" + chain), Duration.ofDays(1), () -> now);
        signs.start();
        return new Writer(its, signs);
    }

    /** What a control plane does when it stops. */
    void stop() {
        checkpoints.close();
        database.close();
    }

    Path file() {
        return directory.resolve("db");
    }

    /** Verifies what is stored as another process does, while nothing else has it open. */
    AuditReport verifyFile() {
        return TestStore.snapshot(
                file(),
                connection ->
                        new AuditVerification(key, directory.resolve("checkpoint")).run(connection, records -> {}));
    }

    /** Appends records whose columns agree with their bodies. */
    void append(int count) {
        append(trail, count);
    }

    void append(AuditTrail to, int count) {
        database.write(tx -> {
            for (int i = 0; i < count; i++) {
                now = now.plusMillis(250);
                to.append(tx, record(now));
            }
            return count;
        });
    }

    static AuditRecord record(Instant time) {
        String id = EventIds.at(time);
        String task = "arn:aws:ecs:us-east-1:111111111111:task/" + id;
        String body = """
                {"userIdentity":{"arn":"arn:aws:iam::111111111111:user/alice","accessKeyId":"AKIAALICE"},\
                "eventTime":"%s","eventSource":"ecs.amazonaws.com","eventName":"RunTask","awsRegion":"us-east-1",\
                "eventID":"%s","readOnly":false,"resources":[{"type":"AWS::ECS::Task","ARN":"%s"}],\
                "managementEvent":true,"recipientAccountId":"%s"}""".formatted(Instant.ofEpochSecond(time.getEpochSecond()), id, task, ACCOUNT);
        return new AuditRecord(
                id,
                time,
                ACCOUNT,
                "us-east-1",
                "ecs.amazonaws.com",
                "RunTask",
                "alice",
                "AKIAALICE",
                false,
                true,
                List.of(new AuditRecord.Resource("AWS::ECS::Task", task)),
                body);
    }

    /** Runs SQL as somebody who can write to the database. */
    void tamper(String... statements) {
        database.write(tx -> {
            for (String sql : statements) {
                try (PreparedStatement statement = tx.connection().prepareStatement(sql)) {
                    statement.executeUpdate();
                }
            }
            return true;
        });
    }

    /** Computes all hashes anew, as somebody who knows how, and has no key. */
    void rehash() {
        database.write(tx -> {
            byte[] hash = HashChain.start();
            try (PreparedStatement select =
                            tx.connection().prepareStatement("SELECT seq, body FROM audit ORDER BY seq");
                    PreparedStatement update =
                            tx.connection().prepareStatement("UPDATE audit SET hash = ? WHERE seq = ?");
                    var rows = select.executeQuery()) {
                while (rows.next()) {
                    hash = HashChain.next(hash, rows.getString(2));
                    update.setBytes(1, hash);
                    update.setLong(2, rows.getLong(1));
                    update.addBatch();
                }
                update.executeBatch();
            }
            return true;
        });
    }

    String eventId(long position) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT event_id FROM audit WHERE seq = ?")) {
                select.setLong(1, position);
                try (var row = select.executeQuery()) {
                    return row.next() ? row.getString(1) : "";
                }
            }
        });
    }

    /** Verifies with the checkpoint file of one of several control planes. */
    AuditReport verify(String chain) {
        return database.read(connection ->
                new AuditVerification(key, directory.resolve("checkpoint-" + chain)).run(connection, records -> {}));
    }

    AuditReport verify() {
        return database.read(connection ->
                new AuditVerification(key, directory.resolve("checkpoint")).run(connection, records -> {}));
    }

    @Override
    public void close() {
        checkpoints.close();
        database.close();
    }
}
