package dev.groundplane.platform.store;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Brings a database to the schema that this release wants. */
final class Schema {
    private Schema() {}

    /**
     * Applies what is missing.
     *
     * @param dialect what turns SQLite's SQL into the database's
     * @throws GroundplaneException when the database is of a newer release
     */
    static void migrate(Connection connection, List<Migration> migrations, UnaryOperator<String> dialect)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(dialect.apply("CREATE TABLE IF NOT EXISTS schema_version ("
                    + "component TEXT PRIMARY KEY, version INTEGER NOT NULL)"));
        }
        Map<String, Integer> applied = applied(connection);
        refuseNewer(applied, migrations);
        List<Migration> missing = migrations.stream()
                .filter(m -> m.version() > applied.getOrDefault(m.component(), 0))
                .sorted(Comparator.comparing(Migration::component).thenComparingInt(Migration::version))
                .toList();
        for (Migration migration : missing) {
            apply(connection, migration, dialect);
        }
    }

    /**
     * Checks that a database is one that this release can bring up to date.
     *
     * @throws GroundplaneException when it is of a newer release
     */
    static void check(Connection connection, List<Migration> migrations) throws SQLException {
        refuseNewer(applied(connection), migrations);
    }

    private static void refuseNewer(Map<String, Integer> applied, List<Migration> migrations) {
        Map<String, Integer> newest = new HashMap<>();
        migrations.forEach(m -> newest.merge(m.component(), m.version(), Math::max));
        applied.forEach((component, version) -> {
            int known = newest.getOrDefault(component, version);
            if (version > known) {
                throw new GroundplaneException(
                        ErrorKind.USER_ERROR,
                        "the database was written by a newer release (%s schema %d, this release knows %d); run that"
                                        .formatted(component, version, known)
                                + " release or restore a backup");
            }
        });
    }

    private static Map<String, Integer> applied(Connection connection) throws SQLException {
        Map<String, Integer> applied = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT component, version FROM schema_version")) {
            while (rows.next()) {
                applied.put(rows.getString(1), rows.getInt(2));
            }
        }
        return applied;
    }

    private static void apply(Connection connection, Migration migration, UnaryOperator<String> dialect)
            throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
                PreparedStatement version = connection.prepareStatement(
                        "INSERT INTO schema_version VALUES (?, ?) ON CONFLICT (component) DO UPDATE SET version = excluded.version")) {
            for (String sql : dialect.apply(migration.sql()).split(";")) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
            version.setString(1, migration.component());
            version.setInt(2, migration.version());
            version.executeUpdate();
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }
}
