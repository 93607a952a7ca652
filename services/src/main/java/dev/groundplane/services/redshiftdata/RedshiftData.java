package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Migration;
import dev.groundplane.services.AccessModel;
import java.time.InstantSource;
import java.util.List;
import software.amazon.awssdk.services.redshiftdata.RedshiftDataClient;

/** The part of the Redshift Data API that lives as long as the process: it runs what was submitted. Thread-safe. */
public final class RedshiftData implements AutoCloseable {
    /** The table of results; statements are in those of {@code Resources}. */
    public static final List<Migration> MIGRATIONS = ResultPages.MIGRATIONS;

    /** As whom it calls other services on its callers' behalf. */
    public static final String PRINCIPAL = "redshift-data.amazonaws.com";

    private final Events events;
    private final StatementRuns runs;
    private final Expiry expiry;
    private final Submissions submissions;
    private final Statements statements;
    private final Results results;
    private final Metadata metadata;
    private final AccessModel access;

    /**
     * @param neighbours who knows workgroups, and gives passwords of their users
     * @param encryption seals results, and passwords of statements that wait
     * @param clock tells when statements came and how long they are kept
     */
    public RedshiftData(
            Database database, Events events, Neighbours neighbours, Encryption encryption, InstantSource clock) {
        this(database, events, neighbours, encryption, clock, ResultWriter.LARGEST_RESULT);
    }

    /** @param largestResult bytes that the result of a statement may take */
    RedshiftData(
            Database database,
            Events events,
            Neighbours neighbours,
            Encryption encryption,
            InstantSource clock,
            long largestResult) {
        this.events = events;
        StatementStore store = new StatementStore(database, events);
        ResultPages pages = new ResultPages(database, encryption);
        Passwords passwords = new Passwords(encryption);
        SessionConnections connections = new SessionConnections(store, clock);
        Targets targets = new Targets(neighbours);
        submissions = new Submissions(store, targets, new Sessions(store, targets, connections), passwords, clock);
        statements = new Statements(store, targets, clock);
        results = new Results(statements, pages);
        metadata = new Metadata(targets);
        access = new RedshiftDataAccess(store, statements, targets);
        runs = new StatementRuns(store, pages, new ResultWriter(pages, largestResult), connections, passwords, clock);
        expiry = new Expiry(store, pages, clock);
    }

    /** Starts to run what was submitted, also before this process, and to remove what is a day old. */
    public void start() {
        runs.start(events);
        expiry.start();
    }

    /** The Data API on behalf of one call. */
    public RedshiftDataClient client(Call call) {
        return new RedshiftDataService(call, this);
    }

    /** What its operations ask to do. */
    public AccessModel access() {
        return access;
    }

    Submissions submissions() {
        return submissions;
    }

    Statements statements() {
        return statements;
    }

    Results results() {
        return results;
    }

    Metadata metadata() {
        return metadata;
    }

    /** Removes what is a day old now. */
    void sweep() {
        expiry.sweep();
    }

    /** Connections end, and what runs on them fails. */
    @Override
    public void close() {
        expiry.close();
        runs.close();
    }
}
