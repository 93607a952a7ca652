package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.MessageInput;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.ServerHandshake;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.pgwire.StartupPacket;
import dev.groundplane.pgwire.StartupPacket.Startup;
import dev.groundplane.warehouse.access.Access;
import dev.groundplane.warehouse.access.Directory;
import dev.groundplane.warehouse.access.GatewayPrincipals;
import dev.groundplane.warehouse.access.Principals;
import dev.groundplane.warehouse.copyjob.CopyJobs;
import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineErrors;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.HeldCheckpoints;
import dev.groundplane.warehouse.engine.SystemSource;
import dev.groundplane.warehouse.gateway.Gateway;
import dev.groundplane.warehouse.history.Caller;
import dev.groundplane.warehouse.history.History;
import dev.groundplane.warehouse.load.LoadHistory;
import dev.groundplane.warehouse.replication.Replications;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves clients whose identity is known, each on its caller's thread and an engine's connection of its own. Thread-safe. */
public final class Sessions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Sessions.class);
    /** What a startup packet may set. All else in it is passed over: drivers send names that are no settings of Redshift's. */
    private static final List<String> SETTINGS =
            List.of("client_encoding", "application_name", "timezone", "query_group", "search_path");
    /** What a client that is told to go has to take what it is told. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Engine engine;
    private final Gateway gateway;
    private final Directory directory;
    private final Places places = new Places();
    private final Storage storage;
    private final LoadHistory loads;
    private final Replications replications;
    private final CopyJobs copyJobs;
    private final History history;
    private final Backends backends;
    private final Cancellation cancellation = new Cancellation();
    private volatile boolean queriesRefused;

    /**
     * @param engine stays the caller's to close, after all sessions
     * @param gateway the control plane
     * @param storage S3
     * @param loads what COPY did
     * @param replications databases that follow a source
     * @param history what statements do
     */
    public Sessions(
            Engine engine,
            Gateway gateway,
            Storage storage,
            LoadHistory loads,
            Replications replications,
            History history) {
        this.engine = engine;
        this.gateway = gateway;
        engine.provide(SystemSource.SERVERLESS_USAGE, () -> ServerlessUsage.of(gateway));
        engine.provide(SystemSource.RUNNING_STATEMENTS, history::runningStatements);
        engine.provide(SystemSource.OPEN_SESSIONS, history::openSessions);
        this.directory = new Directory(new GatewayPrincipals(gateway), engine);
        this.storage = storage;
        this.loads = loads;
        this.copyJobs = new CopyJobs(engine, gateway, directory, storage, loads, history);
        this.replications = replications;
        this.history = history;
        this.backends = new Backends(directory);
        engine.signals(backends);
    }

    /** Whether queries are refused from now on, because a usage limit is reached. Transactions can be ended all the same. */
    public void refuseQueries(boolean refused) {
        queriesRefused = refused;
        copyJobs.suspend(refused);
    }

    /** Databases that follow a source. */
    public Replications replications() {
        return replications;
    }

    /** What loads files that land in S3. */
    public CopyJobs copyJobs() {
        return copyJobs;
    }

    /** Ends what goes on without a client. */
    @Override
    public void close() {
        copyJobs.close();
    }

    /** See {@link Engine#holdCheckpoints}. */
    public HeldCheckpoints holdCheckpoints() throws SQLException {
        return engine.holdCheckpoints();
    }

    /** Cancels what a session runs, if the key is its own. */
    public void cancel(StartupPacket.Cancel request) {
        cancellation.cancel(request.processId(), request.secretKey());
    }

    /** Serves one client until it leaves or its session is parked; the caller closes the streams. */
    public void serve(Startup startup, InputStream stream, MessageOutput output, Idleness idleness) throws IOException {
        serve(output, () -> {
            var state = state(startup.parameters());
            run(state, stream, output, idleness, session -> session.begin(state.key()));
        });
    }

    /**
     * Goes on with a session that was parked, perhaps in another process, as {@link #serve} does.
     *
     * @throws IOException when the state is none, too
     */
    public void restore(byte[] parked, InputStream stream, MessageOutput output, Idleness idleness) throws IOException {
        var state = SessionState.decode(parked);
        serve(output, () -> run(state, stream, output, idleness, session -> session.resume(state)));
    }

    private interface Task {
        void run() throws IOException, SQLException;
    }

    /** What a session does from beginning to end. */
    private interface Course {
        void take(ClientSession session) throws IOException, SQLException;
    }

    private static void serve(MessageOutput output, Task task) throws IOException {
        try {
            task.run();
        } catch (SqlFailure e) {
            output.error(e.report());
            output.flush();
        } catch (SQLException e) {
            output.error(EngineErrors.report(e));
            output.flush();
        }
    }

    private void run(SessionState state, InputStream stream, MessageOutput output, Idleness idleness, Course course)
            throws IOException, SQLException {
        var user = user(state, directory.refresh());
        try (var engineSession = open(state.database());
                var place = places.take(user)) {
            cancellation.add(state.key(), engineSession);
            var input = new MessageInput(stream, ServerHandshake.LONGEST_MESSAGE);
            var access = new Access(engineSession, directory, user.id());
            var parameters = WorkgroupParameters.of(gateway);
            var settings = new Settings(user.name(), parameters.values(), state.settings());
            settings.actAs(user.name(), user.superuser());
            var process = state.key().processId();
            var limit = new QueryLimit(engine.timer(), parameters.longestExecution());
            var statements = new StatementLog(history, process, state.lastQuery());
            var context = new SessionContext(
                    engineSession,
                    settings,
                    access,
                    user.name(),
                    gateway,
                    storage,
                    loads,
                    replications,
                    copyJobs,
                    backends,
                    limit,
                    statements);
            engineSession.process(process);
            var timeout = access.sessionTimeout();
            var termination = new Termination(stream, output, engineSession, engine.timer(), timeout, GRACE);
            backends.add(process, new Backends.Backend(user.id(), engineSession, termination));
            var caller = new Caller(user.id(), user.name(), process, state.database());
            var presence = new Presence(history, caller, timeout, state);
            course.take(
                    new ClientSession(input, output, context, idleness, termination, presence, () -> queriesRefused));
        } finally {
            cancellation.remove(state.key());
            backends.remove(state.key().processId());
        }
    }

    /** Whose session it is: after it was parked, that of the same user, whatever its name is now. */
    private static Principals.User user(SessionState state, Principals principals) {
        var found = state.userId() == 0 ? principals.user(state.user()) : principals.user(state.userId());
        return found.orElseThrow(() -> new SqlFailure(
                Report.fatal(SqlState.INVALID_AUTHORIZATION, "user \"%s\" does not exist".formatted(state.user()))));
    }

    private EngineSession open(String database) {
        try {
            return engine.session(database);
        } catch (SQLException e) {
            log.debug("no session in {}", database, e);
            throw new SqlFailure(
                    Report.fatal(SqlState.INVALID_CATALOG_NAME, "database \"%s\" does not exist".formatted(database)));
        }
    }

    /** What a session begins with. */
    private SessionState state(Map<String, String> parameters) {
        var user = parameters.getOrDefault("user", "");
        var settings = new Settings(user, Map.of(), Map.of());
        for (var name : SETTINGS) {
            parameters.entrySet().stream()
                    .filter(parameter -> parameter.getKey().equalsIgnoreCase(name))
                    .forEach(parameter -> settings.set(name, List.of(parameter.getValue())));
        }
        var client = new SessionState.Client(
                Instant.now().truncatedTo(ChronoUnit.MICROS).toString(),
                parameters.getOrDefault("driver_version", ""),
                parameters.getOrDefault("os_version", ""));
        return new SessionState(
                user,
                0,
                parameters.getOrDefault("database", user),
                cancellation.newKey(),
                settings.values(),
                -1,
                client,
                Map.of(),
                List.of());
    }
}
