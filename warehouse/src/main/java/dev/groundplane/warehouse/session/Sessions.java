package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.MessageInput;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.ServerHandshake;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.pgwire.StartupPacket;
import dev.groundplane.pgwire.StartupPacket.Startup;
import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineErrors;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves clients whose identity is known. Each session has a thread and an engine's connection of its own. Thread-safe. */
public final class Sessions {
    private static final Logger log = LoggerFactory.getLogger(Sessions.class);
    /** Settings that a startup packet may bring; drivers send more that are none, which are passed over as Redshift does. */
    private static final List<String> SETTINGS =
            List.of("client_encoding", "application_name", "timezone", "query_group", "search_path");

    private final Engine engine;
    private final Cancellation cancellation = new Cancellation();

    /** @param engine stays the caller's to close, after all sessions */
    public Sessions(Engine engine) {
        this.engine = engine;
    }

    /** Cancels what a session runs, if the key is its own. */
    public void cancel(StartupPacket.Cancel request) {
        cancellation.cancel(request.processId(), request.secretKey());
    }

    /** Serves one client until it leaves; the caller closes the streams. */
    public void serve(Startup startup, InputStream stream, MessageOutput output) throws IOException {
        var input = new MessageInput(stream, ServerHandshake.LONGEST_MESSAGE);
        try {
            var user = startup.parameters().getOrDefault("user", "");
            serve(user, startup.parameters(), input, output);
        } catch (SqlFailure e) {
            output.error(e.report());
            output.flush();
        }
    }

    private void serve(String user, Map<String, String> parameters, MessageInput input, MessageOutput output)
            throws IOException {
        var database = parameters.getOrDefault("database", user);
        try (var session = open(database)) {
            var settings = settings(user, parameters);
            var key = cancellation.add(session);
            try {
                session.identify(user, key.processId());
                output.backendKeyData(key.processId(), key.secretKey());
                new ClientSession(input, output, new SessionContext(session, settings, user)).run();
            } finally {
                cancellation.remove(key);
            }
        } catch (SQLException e) {
            throw new SqlFailure(EngineErrors.report(e));
        }
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

    private static Settings settings(String user, Map<String, String> parameters) {
        var settings = new Settings(user);
        for (var name : SETTINGS) {
            parameters.entrySet().stream()
                    .filter(parameter -> parameter.getKey().equalsIgnoreCase(name))
                    .forEach(parameter -> settings.set(name, List.of(parameter.getValue())));
        }
        return settings;
    }
}
