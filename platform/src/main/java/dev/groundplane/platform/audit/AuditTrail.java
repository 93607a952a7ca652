package dev.groundplane.platform.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Migration;
import dev.groundplane.platform.store.Transaction;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Appends and finds audit records. A mutation's record is appended in the mutation's own transaction; records of reads and
 * refusals are collected and appended together. Thread-safe.
 */
public final class AuditTrail {
    /** The tables behind this class. */
    public static final List<Migration> MIGRATIONS =
            List.of(new Migration("audit", 1, """
            CREATE TABLE audit (
              seq INTEGER PRIMARY KEY, event_id TEXT NOT NULL, event_time INTEGER NOT NULL,
              account TEXT NOT NULL, region TEXT NOT NULL, event_source TEXT NOT NULL, event_name TEXT NOT NULL,
              user_name TEXT NOT NULL, access_key_id TEXT NOT NULL, read_only TEXT NOT NULL, management INTEGER NOT NULL,
              resources TEXT NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL);
            CREATE INDEX audit_time ON audit (event_time);
            CREATE INDEX audit_name ON audit (event_name, seq);
            CREATE TABLE audit_resource (
              name TEXT NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL, PRIMARY KEY (name, seq, type)) WITHOUT ROWID;
            CREATE INDEX audit_resource_type ON audit_resource (type, seq)
            """), new Migration("audit", 2, """
            ALTER TABLE audit ADD COLUMN chain TEXT NOT NULL DEFAULT '';
            CREATE INDEX audit_chain ON audit (chain, seq) WHERE chain <> ''
            """));

    /** The chain of an installation whose database no other process can share. */
    public static final String SOLE_CHAIN = "";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<AuditRecord.Resource>> RESOURCES = new TypeReference<>() {};

    /**
     * A record and its place.
     *
     * @param position grows with every record; pass that of an answer's last one as {@link AuditQuery#before} for the next page
     */
    public record Found(long position, AuditRecord record) {}

    private final Database database;
    private final String chain;
    private final ConcurrentLinkedQueue<AuditRecord> collected = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean ended;

    /** The only trail that is written in this database. */
    public AuditTrail(Database database) {
        this(database, SOLE_CHAIN);
    }

    /**
     * One of several writers' trails.
     *
     * @param database where the trail is kept
     * @param chain the writer's, which stays the same when its process starts again; each writer has a hash chain of its own,
     *     so that none waits for another's record
     */
    public AuditTrail(Database database, String chain) {
        this.database = database;
        this.chain = chain;
    }

    /** Appends a record in the transaction of the mutation that it tells of. */
    public void append(Transaction transaction, AuditRecord record) throws SQLException {
        insert(transaction, List.of(record));
    }

    /** Appends a record soon and returns at once. A crash may lose those of its last milliseconds. */
    public void appendLater(AuditRecord record) {
        collected.add(record);
        if (scheduled.compareAndSet(false, true)) {
            database.writeLater(this::drain);
        }
    }

    private int drain(Transaction transaction) throws SQLException {
        scheduled.set(false);
        List<AuditRecord> batch = new ArrayList<>();
        for (AuditRecord next = collected.poll(); next != null; next = collected.poll()) {
            batch.add(next);
        }
        insert(transaction, batch);
        return batch.size();
    }

    /**
     * Ends the trail: from this transaction on, what would add a record fails and is undone. So the last checkpoint of a
     * control plane that stops can say that nothing follows it.
     */
    void end() {
        ended = true;
    }

    /** Which chain this trail's records are in. */
    String chain() {
        return chain;
    }

    private void insert(Transaction transaction, List<AuditRecord> records) throws SQLException {
        if (ended) {
            throw new GroundplaneException(
                    ErrorKind.INTERNAL_ERROR, "the control plane stops: its audit trail has ended");
        }
        ChainTip tip = ChainTip.of(transaction.connection(), chain);
        long seq = tip.newest();
        byte[] hash = tip.hash();
        try (PreparedStatement insert = transaction
                        .connection()
                        .prepareStatement("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
                PreparedStatement resource = transaction
                        .connection()
                        .prepareStatement("INSERT INTO audit_resource VALUES (?, ?, ?) ON CONFLICT DO NOTHING")) {
            for (AuditRecord record : records) {
                seq++;
                hash = HashChain.next(hash, record.body());
                bind(insert, seq, record, hash);
                insert.addBatch();
                for (AuditRecord.Resource one : record.resources()) {
                    resource.setString(1, one.name());
                    resource.setLong(2, seq);
                    resource.setString(3, one.type());
                    resource.addBatch();
                }
            }
            insert.executeBatch();
            resource.executeBatch();
        }
    }

    private void bind(PreparedStatement insert, long seq, AuditRecord record, byte[] hash) throws SQLException {
        insert.setLong(1, seq);
        insert.setString(2, record.eventId());
        insert.setLong(3, record.time().toEpochMilli());
        insert.setString(4, record.account());
        insert.setString(5, record.region());
        insert.setString(6, record.source());
        insert.setString(7, record.name());
        insert.setString(8, record.userName());
        insert.setString(9, record.accessKeyId());
        insert.setString(10, Boolean.toString(record.readOnly()));
        insert.setInt(11, record.management() ? 1 : 0);
        insert.setString(12, json(record.resources()));
        insert.setString(13, record.body());
        insert.setBytes(14, hash);
        insert.setString(15, chain);
    }

    /** Finds records, newest first. A record appended with {@link #appendLater} shows after its flush. */
    public List<Found> find(AuditQuery query) {
        return AuditLookup.find(database, query);
    }

    static List<Found> rows(PreparedStatement select) throws SQLException {
        List<Found> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(new Found(
                        row.getLong(1),
                        new AuditRecord(
                                row.getString(2),
                                Instant.ofEpochMilli(row.getLong(3)),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6),
                                row.getString(7),
                                row.getString(8),
                                row.getString(9),
                                Boolean.parseBoolean(row.getString(10)),
                                row.getBoolean(11),
                                resources(row.getString(12)),
                                row.getString(13))));
            }
        }
        return found;
    }

    private static String json(List<AuditRecord.Resource> resources) {
        try {
            return resources.isEmpty() ? "" : JSON.writeValueAsString(resources);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always have a JSON form", e);
        }
    }

    static List<AuditRecord.Resource> resources(String json) {
        try {
            return json.isEmpty() ? List.of() : JSON.readValue(json, RESOURCES);
        } catch (JsonProcessingException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "stored audit resources are damaged: " + json, e);
        }
    }
}
