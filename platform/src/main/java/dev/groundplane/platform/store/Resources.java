package dev.groundplane.platform.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.ResourceChange;
import dev.groundplane.platform.identity.Scope;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The stored resources of one type. Thread-safe. Reads see a snapshot; writes happen inside a {@link Transaction} and are
 * announced as {@link ResourceChange}s once they are durable.
 *
 * @param <T> the value class
 */
public final class Resources<T> {
    /** The tables behind this class. */
    public static final List<Migration> MIGRATIONS = List.of(new Migration("resources", 1, """
            CREATE TABLE resource (
              type TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
              version INTEGER NOT NULL, body TEXT NOT NULL, extra TEXT NOT NULL,
              PRIMARY KEY (type, account, region, name)) WITHOUT ROWID;
            CREATE TABLE resource_index (
              type TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
              account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
              PRIMARY KEY (type, key, value, account, region, name)) WITHOUT ROWID;
            CREATE INDEX resource_index_name ON resource_index (type, account, region, name)
            """));

    /** A limit that is none. */
    public static final int ALL = Integer.MAX_VALUE;

    private static final String COLUMNS = "r.account, r.region, r.name, r.version, r.body, r.extra";
    /** CROSS, because SQLite would choose the order, and without USING, because PostgreSQL has no such CROSS JOIN. */
    private static final String INDEXED = "resource_index i CROSS JOIN resource r";

    private static final String OF_INDEXED =
            " AND r.type = i.type AND r.account = i.account AND r.region = i.region AND r.name = i.name";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> EXTRA = new TypeReference<>() {};

    private final Database database;
    private final Events events;
    private final ResourceType<T> type;
    private final ResourceIndex index;
    private final Decoded<T> decoded;
    private final ReadCache cache;

    /**
     * @param database where they are kept
     * @param events where changes are announced
     * @param type what they are
     */
    public Resources(Database database, Events events, ResourceType<T> type) {
        this.database = database;
        this.events = events;
        this.type = type;
        this.index = new ResourceIndex(type.name());
        this.decoded = new Decoded<>(type.decode());
        this.cache = new ReadCache(!database.shared());
        if (!database.shared()) {
            events.subscribe(type.name(), change -> cache.forget());
        }
    }

    /** The resource of that name in a snapshot. */
    public Optional<Stored<T>> find(Scope scope, String name) {
        return cache.get(
                List.of("find", scope, name),
                found -> 1,
                () -> database.read(connection -> find(connection, scope, name)));
    }

    /** The resource of that name as the open transaction sees it. */
    public Optional<Stored<T>> find(Transaction transaction, Scope scope, String name) throws SQLException {
        return find(transaction.connection(), scope, name);
    }

    private Optional<Stored<T>> find(Connection connection, Scope scope, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM resource r WHERE r.type = ? AND r.account = ? AND r.region = ? AND r.name = ?")) {
            bind(select, type.name(), scope.account(), scope.region(), name);
            return rows(select, body -> decoded.of(scope, name, body)).stream().findFirst();
        }
    }

    /**
     * Lists in order of names.
     *
     * @param prefix what the names begin with; empty for all
     * @param after the name after which to begin; empty for the start
     * @param limit how many at the most
     */
    public Page<T> list(Scope scope, String prefix, String after, int limit) {
        return cache.get(
                List.of("list", scope, prefix, after, limit),
                page -> page.items().size(),
                () -> database.read(connection -> list(connection, scope, prefix, after, limit)));
    }

    /** Lists in order of names as the open transaction sees it. */
    public Page<T> list(Transaction transaction, Scope scope, String prefix, String after, int limit)
            throws SQLException {
        return list(transaction.connection(), scope, prefix, after, limit);
    }

    private Page<T> list(Connection connection, Scope scope, String prefix, String after, int limit)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT " + COLUMNS + " FROM resource r"
                + " WHERE r.type = ? AND r.account = ? AND r.region = ? AND r.name > ? AND r.name >= ? AND r.name < ?"
                + " ORDER BY r.name LIMIT ?")) {
            String last = prefix + Character.toString(Character.MAX_CODE_POINT);
            bind(select, type.name(), scope.account(), scope.region(), after, prefix, last);
            select.setInt(7, limit == ALL ? ALL : limit + 1);
            return page(rows(select), limit);
        }
    }

    /** Lists, in order of names, the resources whose index {@code key} has {@code value}. */
    public Page<T> listByIndex(Scope scope, String key, String value, String after, int limit) {
        return cache.get(
                List.of("index", scope, key, value, after, limit),
                page -> page.items().size(),
                () -> database.read(connection -> listByIndex(connection, scope, key, value, after, limit)));
    }

    /** Lists by index as the open transaction sees it. */
    public Page<T> listByIndex(Transaction transaction, Scope scope, String key, String value, String after, int limit)
            throws SQLException {
        return listByIndex(transaction.connection(), scope, key, value, after, limit);
    }

    private Page<T> listByIndex(Connection connection, Scope scope, String key, String value, String after, int limit)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM " + INDEXED
                + " WHERE i.type = ? AND i.key = ? AND i.value = ? AND i.account = ? AND i.region = ? AND i.name > ?"
                + OF_INDEXED + " ORDER BY i.name LIMIT ?")) {
            bind(select, type.name(), key, value, scope.account(), scope.region(), after);
            select.setInt(7, limit == ALL ? ALL : limit + 1);
            return page(rows(select), limit);
        }
    }

    /** The names, in order, of all resources whose index {@code key} has {@code value}. Cheap: reads no resource. */
    public List<String> namesByIndex(Scope scope, String key, String value) {
        return database.read(connection -> index.names(connection, scope, key, value));
    }

    /** The resources of every scope whose index {@code key} is at or below {@code value} in text order. */
    public List<Stored<T>> listByIndexUpTo(String key, String value, int limit) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT " + COLUMNS
                    + " FROM " + INDEXED
                    + " WHERE i.type = ? AND i.key = ? AND i.value <= ?" + OF_INDEXED
                    + " ORDER BY i.value LIMIT ?")) {
                bind(select, type.name(), key, value);
                select.setInt(4, limit);
                return rows(select);
            }
        });
    }

    /** How many resources, in every scope, have an index {@code key}. Cheap: reads no resource. */
    public long count(String key) {
        return database.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT count(*) FROM resource_index WHERE type = ? AND key = ?")) {
                bind(select, type.name(), key);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? row.getLong(1) : 0;
                }
            }
        });
    }

    /** Every resource of the type, in every scope. For reconcilers that start. */
    public List<Stored<T>> all() {
        return database.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT " + COLUMNS + " FROM resource r WHERE r.type = ?")) {
                bind(select, type.name());
                return rows(select);
            }
        });
    }

    /**
     * Stores a new resource.
     *
     * @throws SQLException when the name is taken: look first, in the same transaction
     */
    public Stored<T> insert(Transaction transaction, Scope scope, String name, T value, Map<String, String> extra)
            throws SQLException {
        Stored<T> stored = new Stored<>(scope, name, 1, value, Map.copyOf(extra));
        try (PreparedStatement insert =
                transaction.connection().prepareStatement("INSERT INTO resource VALUES (?, ?, ?, ?, 1, ?, ?)")) {
            bind(
                    insert,
                    type.name(),
                    scope.account(),
                    scope.region(),
                    name,
                    type.encode().apply(value),
                    json(extra));
            insert.executeUpdate();
        }
        index.insert(transaction, scope, name, entries(stored));
        announce(transaction, stored);
        return stored;
    }

    /**
     * Replaces the value and extras of a resource.
     *
     * @param changed what {@code find} returned in this transaction, with other contents
     * @return the resource with its new version
     * @throws GroundplaneException when it was written or removed in between
     */
    public Stored<T> update(Transaction transaction, Stored<T> changed) throws SQLException {
        try (PreparedStatement update = transaction
                .connection()
                .prepareStatement("UPDATE resource SET version = version + 1, body = ?, extra = ?"
                        + " WHERE type = ? AND account = ? AND region = ? AND name = ? AND version = ?")) {
            Scope scope = changed.scope();
            bind(
                    update,
                    type.encode().apply(changed.value()),
                    json(changed.extra()),
                    type.name(),
                    scope.account(),
                    scope.region(),
                    changed.name());
            update.setLong(7, changed.version());
            if (update.executeUpdate() == 0) {
                throw stale(changed);
            }
        }
        index.replace(transaction, changed.scope(), changed.name(), entries(changed));
        announce(transaction, changed);
        return new Stored<>(changed.scope(), changed.name(), changed.version() + 1, changed.value(), changed.extra());
    }

    /**
     * Removes the resource of a name, if there is one.
     *
     * @return whether there was
     */
    public boolean deleteIfPresent(Transaction transaction, Scope scope, String name) throws SQLException {
        Optional<Stored<T>> found = find(transaction, scope, name);
        if (found.isPresent()) {
            delete(transaction, found.get());
        }
        return found.isPresent();
    }

    /**
     * Removes a resource.
     *
     * @throws GroundplaneException when it was written or removed in between
     */
    public void delete(Transaction transaction, Stored<T> stored) throws SQLException {
        try (PreparedStatement delete = transaction
                .connection()
                .prepareStatement("DELETE FROM resource"
                        + " WHERE type = ? AND account = ? AND region = ? AND name = ? AND version = ?")) {
            bind(delete, type.name(), stored.scope().account(), stored.scope().region(), stored.name());
            delete.setLong(5, stored.version());
            if (delete.executeUpdate() == 0) {
                throw stale(stored);
            }
        }
        index.remove(transaction, stored.scope(), stored.name());
        announce(transaction, stored);
    }

    private GroundplaneException stale(Stored<T> stored) {
        return new GroundplaneException(
                ErrorKind.INTERNAL_ERROR,
                "%s %s is no longer at version %d".formatted(type.name(), stored.name(), stored.version()));
    }

    private Map<String, String> entries(Stored<T> stored) {
        return type.indexes().apply(stored.value(), stored.extra());
    }

    private void announce(Transaction transaction, Stored<T> stored) {
        transaction.announce(events, new ResourceChange(type.name(), stored.scope(), stored.name()));
    }

    private Page<T> page(List<Stored<T>> rows, int limit) {
        return rows.size() <= limit
                ? new Page<>(rows, Optional.empty())
                : new Page<>(
                        rows.subList(0, limit), Optional.of(rows.get(limit - 1).name()));
    }

    private List<Stored<T>> rows(PreparedStatement select) throws SQLException {
        return rows(select, type.decode());
    }

    private List<Stored<T>> rows(PreparedStatement select, Function<String, T> decode) throws SQLException {
        List<Stored<T>> rows = new ArrayList<>();
        try (ResultSet result = select.executeQuery()) {
            while (result.next()) {
                rows.add(new Stored<>(
                        new Scope(result.getString(1), result.getString(2)),
                        result.getString(3),
                        result.getLong(4),
                        decode.apply(result.getString(5)),
                        extra(result.getString(6))));
            }
        }
        return rows;
    }

    private static void bind(PreparedStatement statement, String... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setString(i + 1, values[i]);
        }
    }

    private static String json(Map<String, String> extra) {
        try {
            return extra.isEmpty() ? "" : JSON.writeValueAsString(extra);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of strings always has a JSON form", e);
        }
    }

    private static Map<String, String> extra(String json) {
        try {
            return json.isEmpty() ? Map.of() : JSON.readValue(json, EXTRA);
        } catch (JsonProcessingException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "stored extras are damaged: " + json, e);
        }
    }
}
