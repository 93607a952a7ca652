package dev.groundplane.services.logs;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Migration;
import dev.groundplane.services.AccessModel;
import java.time.InstantSource;
import java.util.List;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

/**
 * The CloudWatch Logs service. One for the life of the process; thread-safe; holds no resources of its own, so there is
 * nothing to close.
 */
public final class Logs {
    /** The tables of streams and events; groups are in those of {@code Resources}. */
    public static final List<Migration> MIGRATIONS = LogSchema.MIGRATIONS;

    private final LogStore store;
    private final Sweep sweep;

    /**
     * @param database with the tables of {@link #MIGRATIONS} and of {@code Resources}
     * @param events where changes of log groups (type {@code logs:log-group}) are announced
     * @param hostStreams which streams a managed instance may write to
     * @param clock decides ingestion times and what has expired
     */
    public Logs(Database database, Events events, HostStreams hostStreams, InstantSource clock) {
        LogGroups groups = new LogGroups(database, events);
        LogStreams streams = new LogStreams();
        this.store = new LogStore(database, groups, streams, new LogEvents(groups, streams), hostStreams, clock);
        this.sweep = new Sweep(database, groups, clock);
    }

    /** The service as one caller sees it. The client is for one operation, since a call commits once. */
    public CloudWatchLogsClient client(Call call) {
        return new LogsService(call, store);
    }

    /** What the operations of CloudWatch Logs ask to do. */
    public static AccessModel access() {
        return new LogsAccess();
    }

    /**
     * Deletes events that have expired and those of deleted streams. Neither are returned by any operation, so this only
     * frees space; to be called every few minutes, by one thread. Blocks until done; may be interrupted by a crash at any
     * point.
     */
    public void sweep() {
        sweep.run();
    }
}
