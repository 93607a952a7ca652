package dev.groundplane.services.s3.external;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Migration;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.s3.BucketRegister;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What this S3 is about to have changed in the other one. The change there and its record here cannot be one transaction, so each
 * change is written down before; what a process that was killed left is what nobody knows the outcome of. Thread-safe.
 */
final class Intents {
    static final List<Migration> MIGRATIONS = List.of(new Migration("s3-external-intents", 1, """
            CREATE TABLE s3_external_intent (
              id INTEGER PRIMARY KEY, process TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, caller TEXT NOT NULL,
              request TEXT NOT NULL, operation TEXT NOT NULL, bucket TEXT NOT NULL, object_key TEXT NOT NULL,
              made INTEGER NOT NULL)
            """));

    private final Database database;
    private final BucketRegister register;
    private final InstantSource clock;

    Intents(Database database, BucketRegister register, InstantSource clock) {
        this.database = database;
        this.register = register;
        this.clock = clock;
    }

    /** Writes a change down; durable when this returns. */
    long begin(Call call, String operation, String bucket, String key) {
        return database.write(transaction -> {
            long id = register.next(transaction);
            try (PreparedStatement insert = transaction
                    .connection()
                    .prepareStatement("INSERT INTO s3_external_intent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                insert.setLong(1, id);
                insert.setString(2, database.replicas().self());
                insert.setString(3, call.scope().account());
                insert.setString(4, call.scope().region());
                insert.setString(5, call.caller().arn());
                insert.setString(6, call.requestId());
                insert.setString(7, operation);
                insert.setString(8, bucket);
                insert.setString(9, key);
                insert.setLong(10, clock.millis());
                insert.executeUpdate();
            }
            return id;
        });
    }

    /** The change has its record, in this transaction. */
    void end(Transaction transaction, long id) throws SQLException {
        try (PreparedStatement delete =
                transaction.connection().prepareStatement("DELETE FROM s3_external_intent WHERE id = ?")) {
            delete.setLong(1, id);
            delete.executeUpdate();
        }
    }

    /** The change was refused, or the caller was told that nobody knows. */
    void drop(long id) {
        database.write(transaction -> {
            end(transaction, id);
            return id;
        });
    }

    /** Whose a bucket becomes that is being made, or was when a process ended. */
    Optional<Scope> maker(String bucket) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT account, region FROM s3_external_intent"
                    + " WHERE operation = 'CreateBucket' AND bucket = ? ORDER BY id DESC LIMIT 1")) {
                select.setString(1, bucket);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(new Scope(row.getString(1), row.getString(2))) : Optional.empty();
                }
            }
        });
    }

    /** What processes left that are not among those that live. */
    List<UnfinishedChange> left(Set<String> alive) {
        return database.read(connection -> {
            List<UnfinishedChange> left = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT id, account, region, caller, request, operation, bucket, object_key, made, process"
                                    + " FROM s3_external_intent ORDER BY id");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (!alive.contains(row.getString(10))) {
                        left.add(new UnfinishedChange(
                                row.getLong(1),
                                new Scope(row.getString(2), row.getString(3)),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6),
                                row.getString(7),
                                row.getString(8),
                                Instant.ofEpochMilli(row.getLong(9))));
                    }
                }
            }
            return left;
        });
    }
}
