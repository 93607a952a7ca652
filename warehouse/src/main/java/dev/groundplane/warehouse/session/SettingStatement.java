package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Column;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.SettingCommand;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.Statement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** {@code SET}, {@code RESET} and {@code SHOW} of a session's settings, some of which the engine has a part in. */
record SettingStatement(SettingCommand command) implements Command {
    static Optional<SettingStatement> of(Statement statement) {
        return SettingCommand.of(statement).map(SettingStatement::new);
    }

    @Override
    public List<Column> columns() {
        return command instanceof SettingCommand.Show(var name)
                ? PlainResult.of("SHOW", name, "").columns()
                : List.of();
    }

    @Override
    public void authorize(SessionContext session) {
        // Everybody's session is their own.
    }

    @Override
    public boolean defines() {
        return false;
    }

    @Override
    public Result run(SessionContext session, List<String> parameters) throws SQLException {
        var engine = session.engine();
        var settings = session.settings();
        return switch (command) {
            case SettingCommand.Set(var name, var values) -> {
                if (name.equals("search_path")) {
                    searchPath(engine, settings.searchPath(values)); // what fails is not kept
                }
                settings.set(name, values);
                if (name.equals("timezone")) {
                    engine.timeZone(settings.get(name));
                }
                yield PlainResult.of("SET");
            }
            case SettingCommand.Reset(var name) -> {
                settings.reset(name);
                applyAll(session);
                yield PlainResult.of("RESET");
            }
            case SettingCommand.Show(var name) -> PlainResult.of("SHOW", name, settings.get(name));
        };
    }

    /** Tells the engine of the settings that it has a part in. */
    static void applyAll(SessionContext session) throws SQLException {
        session.engine().timeZone(session.settings().get("timezone"));
        searchPath(session.engine(), session.settings().searchPath());
    }

    private static void searchPath(EngineSession engine, List<String> schemas) throws SQLException {
        if (!engine.searchPath(schemas)) {
            throw SqlFailure.of(
                    SqlState.INVALID_SCHEMA_NAME, "schema \"%s\" does not exist".formatted(String.join(", ", schemas)));
        }
    }
}
