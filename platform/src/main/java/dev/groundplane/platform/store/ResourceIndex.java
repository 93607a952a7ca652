package dev.groundplane.platform.store;

import dev.groundplane.platform.identity.Scope;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The secondary index entries of one type's resources. An entry lies in two trees, and most updates of a resource change
 * none of its entries, so only what differs is written.
 *
 * @param type the type's name
 */
record ResourceIndex(String type) {

    /** The names, in order, of the resources whose entry {@code key} is {@code value}. */
    List<String> names(Connection connection, Scope scope, String key, String value) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT name FROM resource_index"
                + " WHERE type = ? AND key = ? AND value = ? AND account = ? AND region = ? ORDER BY name")) {
            bind(select, type, key, value, scope.account(), scope.region());
            List<String> names = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            return names;
        }
    }

    /** Gives a new resource its entries. */
    void insert(Transaction transaction, Scope scope, String name, Map<String, String> entries) throws SQLException {
        if (entries.isEmpty()) {
            return;
        }
        try (PreparedStatement insert =
                transaction.connection().prepareStatement("INSERT INTO resource_index VALUES (?, ?, ?, ?, ?, ?)")) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                bind(insert, type, entry.getKey(), entry.getValue(), scope.account(), scope.region(), name);
                insert.executeUpdate();
            }
        }
    }

    /** Gives a resource these entries in place of those that it has. */
    void replace(Transaction transaction, Scope scope, String name, Map<String, String> entries) throws SQLException {
        Map<String, String> stored = entries(transaction, scope, name);
        if (stored.equals(entries)) {
            return;
        }
        Map<String, String> stale = new HashMap<>(stored);
        stale.entrySet().removeAll(entries.entrySet());
        delete(transaction, scope, name, stale);
        Map<String, String> fresh = new HashMap<>(entries);
        fresh.entrySet().removeAll(stored.entrySet());
        insert(transaction, scope, name, fresh);
    }

    /** Takes all entries from a resource. */
    void remove(Transaction transaction, Scope scope, String name) throws SQLException {
        delete(transaction, scope, name, entries(transaction, scope, name));
    }

    private Map<String, String> entries(Transaction transaction, Scope scope, String name) throws SQLException {
        try (PreparedStatement select = transaction
                .connection()
                .prepareStatement("SELECT key, value FROM resource_index"
                        + " WHERE type = ? AND account = ? AND region = ? AND name = ?")) {
            bind(select, type, scope.account(), scope.region(), name);
            Map<String, String> entries = new HashMap<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    entries.put(rows.getString(1), rows.getString(2));
                }
            }
            return entries;
        }
    }

    private void delete(Transaction transaction, Scope scope, String name, Map<String, String> entries)
            throws SQLException {
        if (entries.isEmpty()) {
            return;
        }
        try (PreparedStatement delete = transaction
                .connection()
                .prepareStatement("DELETE FROM resource_index WHERE type = ? AND key = ? AND value = ?"
                        + " AND account = ? AND region = ? AND name = ?")) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                bind(delete, type, entry.getKey(), entry.getValue(), scope.account(), scope.region(), name);
                delete.executeUpdate();
            }
        }
    }

    private static void bind(PreparedStatement statement, String... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setString(i + 1, values[i]);
        }
    }
}
