import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Has a DuckDB file follow two tables of PostgreSQL by Debezium's embedded engine, until it is killed. Each batch of the engine is one
 * transaction: of each key the last state, by DELETE USING and INSERT from a table that the appender fills. Prints {@code started},
 * {@code copied ROWS} after the snapshot and {@code marker NUMBER} for the largest marker whenever a query on another connection first sees it, each
 * with the microseconds since 1970; and, asked by a line of standard input, the figures of table account.
 */
final class DebeziumFollower {
    private static final Map<String, List<String>> COLUMNS =
            Map.of("account", List.of("id", "balance", "note"), "marker", List.of("n"));

    private final DuckDBConnection target;
    private long copied;

    private DebeziumFollower(DuckDBConnection target) {
        this.target = target;
    }

    /** @param words host, port, database, user, password, the DuckDB file, its memory limit and a directory for offsets */
    public static void main(String[] words) throws Exception {
        var target = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + words[5]);
        try (var statement = target.createStatement()) {
            statement.execute("SET memory_limit = '%s'".formatted(words[6]));
            statement.execute("CREATE TABLE account(id BIGINT, balance BIGINT, note VARCHAR)");
            statement.execute("CREATE TABLE marker(n BIGINT)");
            statement.execute("CREATE TEMP TABLE staged_account(id BIGINT, balance BIGINT, note VARCHAR)");
            statement.execute("CREATE TEMP TABLE staged_marker(n BIGINT)");
            statement.execute("CREATE TEMP TABLE gone(key BIGINT)");
        }
        var observer = (DuckDBConnection) target.duplicate();
        var answering = (DuckDBConnection) target.duplicate();
        Thread.ofPlatform().daemon().start(() -> observe(observer));
        Thread.ofPlatform().daemon().start(() -> answer(answering));
        target.setAutoCommit(false);
        var follower = new DebeziumFollower(target);
        try (var engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(properties(words))
                .notifying((List<RecordChangeEvent<SourceRecord>> events,
                        DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer) -> {
                    follower.apply(events);
                    for (var event : events) {
                        committer.markProcessed(event);
                    }
                    committer.markBatchFinished();
                })
                .build()) {
            tell("started", 0);
            engine.run();
        }
    }

    private static Properties properties(String[] words) {
        var properties = new Properties();
        Map.ofEntries(
                        Map.entry("name", "bench"),
                        Map.entry("connector.class", "io.debezium.connector.postgresql.PostgresConnector"),
                        Map.entry("plugin.name", "pgoutput"),
                        Map.entry("database.hostname", words[0]),
                        Map.entry("database.port", words[1]),
                        Map.entry("database.dbname", words[2]),
                        Map.entry("database.user", words[3]),
                        Map.entry("database.password", words[4]),
                        Map.entry("topic.prefix", "bench"),
                        Map.entry("slot.name", "bench_debezium"),
                        Map.entry("publication.name", "bench_debezium"),
                        Map.entry("publication.autocreate.mode", "disabled"),
                        Map.entry("table.include.list", "public.account,public.marker"),
                        Map.entry("tombstones.on.delete", "false"),
                        Map.entry("poll.interval.ms", "5"),
                        Map.entry("max.batch.size", "20480"),
                        Map.entry("max.queue.size", "81920"),
                        Map.entry("snapshot.fetch.size", "20480"),
                        Map.entry("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore"),
                        Map.entry("offset.storage.file.filename", words[7] + "/offsets"),
                        Map.entry("offset.flush.interval.ms", "1000"))
                .forEach(properties::setProperty);
        return properties;
    }

    private void apply(List<RecordChangeEvent<SourceRecord>> events) {
        var changed = new LinkedHashMap<String, Map<Long, Struct>>();
        var isCopy = true;
        var ends = false;
        for (var event : events) {
            var value = (Struct) event.record().value();
            var source = value.getStruct("source");
            var table = source.getString("table");
            if (!COLUMNS.containsKey(table)) {
                continue;
            }
            var snapshot = source.getString("snapshot");
            isCopy &= value.getString("op").equals("r");
            ends |= "last".equals(snapshot);
            var key = ((Struct) event.record().key()).getInt64(COLUMNS.get(table).getFirst());
            changed.computeIfAbsent(table, _ -> new LinkedHashMap<>()).put(key, value.getStruct("after"));
        }
        try {
            for (var one : changed.entrySet()) {
                write(one.getKey(), one.getValue(), isCopy);
            }
            target.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        if (isCopy) {
            copied += changed.values().stream().mapToInt(Map::size).sum();
        }
        if (ends) {
            tell("copied", copied);
        }
    }

    private void write(String table, Map<Long, Struct> byKey, boolean isCopy) throws SQLException {
        if (isCopy) {
            append(target.createAppender("main", table), table, byKey);
            return;
        }
        try (var gone = target.createAppender("temp", "main", "gone")) {
            for (var key : byKey.keySet()) {
                gone.beginRow();
                gone.append(key);
                gone.endRow();
            }
        }
        append(target.createAppender("temp", "main", "staged_" + table), table, byKey);
        try (var statement = target.createStatement()) {
            statement.execute("DELETE FROM %s USING gone WHERE %s = gone.key".formatted(table, COLUMNS.get(table).getFirst()));
            statement.execute("INSERT INTO %s FROM staged_%1$s".formatted(table));
            statement.execute("DELETE FROM gone");
            statement.execute("DELETE FROM staged_" + table);
        }
    }

    private static void append(DuckDBAppender rows, String table, Map<Long, Struct> byKey) throws SQLException {
        try (rows) {
            for (var row : byKey.values()) {
                if (row == null) {
                    continue;
                }
                rows.beginRow();
                for (var column : COLUMNS.get(table)) {
                    switch (row.get(column)) {
                        case Long number -> rows.append(number);
                        case String text -> rows.append(text);
                        case null, default -> rows.appendNull();
                    }
                }
                rows.endRow();
            }
        }
    }

    private static void observe(DuckDBConnection connection) {
        try (var query = connection.prepareStatement("SELECT coalesce(max(n), 0) FROM marker")) {
            var seen = 0L;
            while (true) {
                try (var rows = query.executeQuery()) {
                    rows.next();
                    if (rows.getLong(1) > seen) {
                        seen = rows.getLong(1);
                        tell("marker", seen);
                    }
                }
                Thread.sleep(Duration.ofMillis(1));
            }
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(DuckDBConnection connection) {
        try (var lines = new java.io.BufferedReader(new java.io.InputStreamReader(System.in));
                var query = connection.prepareStatement("SELECT count(*), sum(id), sum(balance) FROM account")) {
            while (lines.readLine() != null) {
                try (var rows = query.executeQuery()) {
                    rows.next();
                    print("figures %s %s %s".formatted(rows.getString(1), rows.getString(2), rows.getString(3)));
                }
            }
        } catch (SQLException | java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void tell(String what, long number) {
        print("%s %d %d".formatted(what, number, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now())));
    }

    private static synchronized void print(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
