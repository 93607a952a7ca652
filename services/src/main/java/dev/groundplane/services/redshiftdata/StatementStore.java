package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.redshiftdata.model.DescribeStatementResponse;
import software.amazon.awssdk.services.redshiftdata.model.StatusString;

/** Statements by their ids, each as it is described, with what else is known of it as extras; and sessions. Thread-safe. */
final class StatementStore {
    static final String STATEMENT = "redshift-data:statement";

    /** For how long a statement and its result are kept after its end. */
    static final Duration RETENTION = Duration.ofHours(24);

    /** Whose it is, see {@link Owner}; both are indexes of a statement, and extras of a session, too. */
    static final String OWNER = "owner";

    static final String USER_ID = "userId";
    static final String NAME = "name";
    /** The client's token with its owner, and what was asked for with it, so that a repetition is known. */
    static final String TOKEN = "token";

    static final String FINGERPRINT = "fingerprint";
    /** The process that runs it. */
    static final String RUNNER = "runner";
    /** Its owner wants it to end. */
    static final String CANCELLED = "cancelled";
    /** Where it runs and, sealed, how to log in; gone with its end. */
    static final String HOST = "host";

    static final String PORT = "port";
    static final String PASSWORD = "password";
    /** It begins the session that it names. */
    static final String BEGINS_SESSION = "beginsSession";

    static final String BATCH = "batch";
    /** Index: its site, as long as it has not ended. */
    static final String ACTIVE = "active";
    /** Index: its session, as long as it has not ended. */
    static final String IN_SESSION = "session";
    /** Index: when it is forgotten, in a form whose text order is time order. */
    static final String EXPIRES = "expires";
    /** Index and extra of a session: its site. It is named as when there were workgroups only. */
    static final String SITE = "workgroup";
    /** Extras of a session: when it began, its database user, and for how many seconds it stays after each statement. */
    static final String BEGUN = "begun";

    static final String USER = "user";
    static final String KEEP_ALIVE = "keepAlive";

    private static final Set<StatusString> ENDED =
            Set.of(StatusString.FINISHED, StatusString.FAILED, StatusString.ABORTED);
    private static final Set<String> SECRETS = Set.of(HOST, PORT, PASSWORD);
    private static final long LATEST_MILLIS = (1L << 48) - 1;

    private final Database database;
    private final Resources<DescribeStatementResponse> statements;
    private final Resources<String> sessions;

    StatementStore(Database database, Events events) {
        this.database = database;
        WireForm<DescribeStatementResponse> form =
                WireForm.of(DescribeStatementResponse.class, DescribeStatementResponse::builder);
        statements = new Resources<>(
                database, events, new ResourceType<>(STATEMENT, form::encode, form::decode, StatementStore::indexes));
        sessions = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        "redshift-data:session",
                        text -> text,
                        text -> text,
                        (value, extra) -> Map.of(SITE, extra.get(SITE))));
    }

    private static Map<String, String> indexes(DescribeStatementResponse value, Map<String, String> extra) {
        Map<String, String> entries = new HashMap<>();
        entries.put(OWNER, extra.get(OWNER));
        if (extra.containsKey(TOKEN)) {
            entries.put(TOKEN, extra.get(TOKEN));
        }
        if (hasEnded(value)) {
            entries.put(EXPIRES, moment(value.updatedAt().plus(RETENTION)));
        } else {
            entries.put(ACTIVE, Site.of(value).key());
            if (value.sessionId() != null) {
                entries.put(IN_SESSION, value.sessionId());
            }
        }
        return entries;
    }

    /**
     * An id that nothing had before. In the order of their ids statements are newest first, which is the order in which they are
     * listed; otherwise it is a random UUID of version 4.
     */
    static String newId(Instant now) {
        UUID random = UUID.randomUUID();
        long time = LATEST_MILLIS - now.toEpochMilli();
        return new UUID((time << 16) | (random.getMostSignificantBits() & 0xFFFF), random.getLeastSignificantBits())
                .toString();
    }

    /** A moment in a form whose text order is time order. */
    static String moment(Instant at) {
        return "%015d".formatted(at.toEpochMilli());
    }

    static boolean hasEnded(DescribeStatementResponse statement) {
        return ENDED.contains(statement.status());
    }

    /** The statement's end: nothing may log in for it any more. */
    static Stored<DescribeStatementResponse> ended(
            Stored<DescribeStatementResponse> stored, DescribeStatementResponse end) {
        Map<String, String> extra = new HashMap<>(stored.extra());
        extra.keySet().removeAll(SECRETS);
        return new Stored<>(stored.scope(), stored.name(), stored.version(), end, Map.copyOf(extra));
    }

    Database database() {
        return database;
    }

    Resources<DescribeStatementResponse> statements() {
        return statements;
    }

    /** Sessions by their ids; the value is the database's name. */
    Resources<String> sessions() {
        return sessions;
    }

    /** Changes a statement, unless it is gone or the change keeps it as it is. */
    void change(Scope scope, String id, UnaryOperator<Stored<DescribeStatementResponse>> change) {
        database.write(tx -> change(tx, scope, id, change));
    }

    /** Changes a statement in a transaction. */
    Optional<Stored<DescribeStatementResponse>> change(
            Transaction tx, Scope scope, String id, UnaryOperator<Stored<DescribeStatementResponse>> change)
            throws SQLException {
        Optional<Stored<DescribeStatementResponse>> found = statements.find(tx, scope, id);
        if (found.isEmpty()) {
            return found;
        }
        Stored<DescribeStatementResponse> changed = change.apply(found.get());
        return changed.equals(found.get()) ? found : Optional.of(statements.update(tx, changed));
    }
}
