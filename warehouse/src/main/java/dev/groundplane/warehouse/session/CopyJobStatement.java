package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Column;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.CopyJobCommand;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.Privilege;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.Statement;
import dev.groundplane.warehouse.type.SqlType;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Statements about copy jobs. */
record CopyJobStatement(Statement statement, CopyJobCommand command) implements Command {
    private static final String COLUMNS = "job_id, job_name, iam_role, job_text, is_auto, on_error_suspend";

    static Optional<CopyJobStatement> of(Statement statement) {
        return CopyJobCommand.of(statement).map(command -> new CopyJobStatement(statement, command));
    }

    @Override
    public List<Column> columns() {
        if (!(command instanceof CopyJobCommand.Show)) {
            return List.of();
        }
        return List.of(
                SqlType.BIGINT.column("job_id", -1),
                SqlType.VARCHAR.column("job_name", -1),
                SqlType.VARCHAR.column("iam_role", -1),
                SqlType.VARCHAR.column("job_text", -1),
                SqlType.INTEGER.column("is_auto", -1),
                SqlType.INTEGER.column("on_error_suspend", -1));
    }

    /** The view shows each user what is theirs to see; jobs that are somebody else's are superusers' to change. */
    @Override
    public void authorize(SessionContext session) throws SQLException {
        switch (command) {
            case CopyJobCommand.Create create -> {
                session.access().requireSuperuser("COPY JOB CREATE");
                session.access()
                        .requirePrivilege(Privilege.INSERT, create.copy().table());
            }
            case CopyJobCommand.Alter(var name, var auto) -> requireOwn(session, name);
            case CopyJobCommand.Drop(var name) -> requireOwn(session, name);
            case CopyJobCommand.Run(var name) -> requireOwn(session, name);
            case CopyJobCommand.Show show -> {}
        }
    }

    private static void requireOwn(SessionContext session, String name) throws SQLException {
        var owner = session.copyJobs().owner(session.engine(), name);
        if (!session.access().isSuperuser() && owner != session.access().userId()) {
            throw SqlFailure.of(SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of copy job \"%s\"".formatted(name));
        }
    }

    @Override
    public boolean defines() {
        return false;
    }

    @Override
    public Result run(SessionContext session, List<String> parameters) throws SQLException {
        var jobs = session.copyJobs();
        var engine = session.engine();
        if (command instanceof CopyJobCommand.Show(var name)) {
            return shown(session, name);
        }
        session.transaction().requireNone("COPY JOB");
        switch (command) {
            case CopyJobCommand.Create create ->
                jobs.create(
                        engine,
                        session.statements().currentId(),
                        session.access().user(),
                        session.access().userId(),
                        create);
            case CopyJobCommand.Alter alter -> jobs.alter(engine, alter);
            case CopyJobCommand.Drop drop -> jobs.drop(engine, drop);
            case CopyJobCommand.Run run -> {
                return PlainResult.of("COPY").with(jobs.run(engine, run));
            }
            case CopyJobCommand.Show show -> throw new IllegalStateException("shown before: " + show);
        }
        return PlainResult.of("COPY");
    }

    private Result shown(SessionContext session, Optional<String> name) throws SQLException {
        if (name.isPresent()) {
            requireOwn(session, name.get());
        }
        var prepared = session.engine()
                .prepare("SELECT %s FROM sys.catalog.sys_copy_job%s ORDER BY job_name"
                        .formatted(
                                COLUMNS,
                                name.map(one -> " WHERE job_name = " + Names.literal(one))
                                        .orElse("")));
        try {
            return EngineResult.of(statement, prepared, session);
        } catch (SQLException e) {
            prepared.close();
            throw e;
        }
    }
}
