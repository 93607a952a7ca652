package dev.groundplane.services.logs;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.services.StoredCall;
import dev.groundplane.testing.TestStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutLogEventsResponse;

/** The service on a real database in a directory of its own, with a clock that tests set. */
final class LogsFixture implements AutoCloseable {
    static final Scope SCOPE = new Scope("123456789012", "us-east-1");
    static final Instant START = Instant.parse("2026-01-15T12:00:00Z");

    private final Path directory;
    private final Logs logs;
    private int groups;
    final Database database;
    Instant now = START;

    LogsFixture() {
        try {
            directory = Files.createTempDirectory("logs-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Events events = new Events();
        database = TestStore.open(
                directory.resolve("db"),
                Stream.of(Resources.MIGRATIONS, Logs.MIGRATIONS)
                        .flatMap(List::stream)
                        .toList(),
                events);
        logs = new Logs(database, events, (host, group, stream) -> !stream.startsWith("of another"), () -> now);
    }

    /** A client for one call. */
    CloudWatchLogsClient client() {
        return client(SCOPE);
    }

    CloudWatchLogsClient client(Scope scope) {
        return logs.client(new StoredCall(database, root(scope), scope));
    }

    /** A client for one call of a registered host. */
    CloudWatchLogsClient host() {
        return logs.client(new StoredCall(
                database, Caller.session(SCOPE.account(), "Host", "AROAHOST", "mi-0123456789abcdef0", "ASIA"), SCOPE));
    }

    private static Caller root(Scope scope) {
        return new Caller(scope.account(), "arn:aws:iam::" + scope.account() + ":root", "id", "Root", "");
    }

    void sweep() {
        logs.sweep();
    }

    /** A group that nothing else uses, with a stream {@code s}. */
    String group() {
        groups++;
        String name = "group-" + groups;
        client().createLogGroup(r -> r.logGroupName(name));
        stream(name, "s");
        return name;
    }

    void stream(String group, String name) {
        client().createLogStream(r -> r.logGroupName(group).logStreamName(name));
    }

    PutLogEventsResponse put(String group, String stream, InputLogEvent... events) {
        return client().putLogEvents(request(group, stream, Arrays.asList(events)));
    }

    static PutLogEventsRequest request(String group, String stream, List<InputLogEvent> events) {
        return PutLogEventsRequest.builder()
                .logGroupName(group)
                .logStreamName(stream)
                .logEvents(events)
                .build();
    }

    /** An event so long before or after the start. */
    static InputLogEvent event(Duration fromStart, String message) {
        return event(START.plus(fromStart).toEpochMilli(), message);
    }

    static InputLogEvent event(long timestamp, String message) {
        return InputLogEvent.builder().timestamp(timestamp).message(message).build();
    }

    long count(String table) {
        return database.read(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    @Override
    public void close() {
        database.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
