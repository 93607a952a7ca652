package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.pgwire.TransactionStatus;
import dev.groundplane.warehouse.access.Access;
import dev.groundplane.warehouse.engine.EngineErrors;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.PlanOutdated;
import dev.groundplane.warehouse.sql.EngineSql;
import dev.groundplane.warehouse.sql.QueryType;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.Statement;
import dev.groundplane.warehouse.sql.SupportedStatements;
import dev.groundplane.warehouse.sql.TransactionCommand;
import dev.groundplane.warehouse.type.EngineType;
import dev.groundplane.warehouse.type.ParameterLiteral;
import dev.groundplane.warehouse.type.SqlType;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs single statements of a session. For one thread. */
final class StatementRunner {
    private static final Logger log = LoggerFactory.getLogger(StatementRunner.class);

    private final SessionContext session;
    private final EngineSession engine;
    private final TransactionBlock transaction;
    private final BooleanSupplier queriesRefused;

    /** @param queriesRefused whether a usage limit is reached */
    StatementRunner(SessionContext session, TransactionBlock transaction, BooleanSupplier queriesRefused) {
        this.queriesRefused = queriesRefused;
        this.session = session;
        this.engine = session.engine();
        this.transaction = transaction;
    }

    /**
     * Runs a statement. The caller closes its result.
     *
     * @param parameters literals of the engine
     * @throws SqlFailure when it fails; the transaction knows
     */
    Result run(Statement statement, List<String> parameters) {
        return run(statement, parameters, null);
    }

    /**
     * The same with a plan, which stays the caller's to close.
     *
     * @param plan of the statement with these parameters, since which the session has done nothing; null for none
     */
    Result run(Statement statement, List<String> parameters, @Nullable EnginePlan plan) {
        var recorded = session.statements().begin(statement, session);
        try (var _ = session.limit().watch(QueryType.of(statement), recorded.id(), engine)) {
            return session.statements().done(recorded, statement, carryOut(statement, parameters, plan), session);
        } catch (SqlFailure e) {
            session.statements().failed(recorded, e.report(), session);
            throw e;
        } catch (RuntimeException e) { // the session's loop tells its client; the statement is over all the same
            session.statements().failed(recorded, Report.error(SqlState.INTERNAL_ERROR, e.toString()), session);
            throw e;
        }
    }

    private Result carryOut(Statement statement, List<String> parameters, @Nullable EnginePlan plan) {
        try {
            var command = TransactionCommand.of(statement);
            if (command.isPresent()) {
                var done = transaction.run(command.get());
                return PlainResult.of(done == TransactionCommand.BEGIN ? beginTag(statement) : done.name());
            }
            transaction.requireUsable();
            if (queriesRefused.getAsBoolean()) {
                throw SqlFailure.of(
                        SqlState.CONFIGURATION_LIMIT_EXCEEDED,
                        "the workgroup has reached its usage limit; no query runs until the limit's period ends or it is raised");
            }
            var ours = Command.of(statement);
            return ours.map(Command::defines).orElse(Access.isRecorded(statement))
                    ? defined(statement, ours, parameters)
                    : allowed(statement, ours, parameters, plan);
        } catch (SqlFailure e) {
            fail();
            throw e;
        } catch (SQLException e) {
            fail();
            throw new SqlFailure(session.statements().report(e, engine));
        }
    }

    private Result defined(Statement statement, Optional<Command> ours, List<String> parameters) throws SQLException {
        engine.define();
        try {
            return allowed(statement, ours, parameters, null);
        } finally {
            engine.defined();
        }
    }

    private Result allowed(
            Statement statement, Optional<Command> ours, List<String> parameters, @Nullable EnginePlan plan)
            throws SQLException {
        authorize(statement, ours, parameters);
        return Access.isRecorded(statement)
                ? recorded(statement, ours, parameters)
                : carriedOut(statement, ours, parameters, plan);
    }

    /** Refuses what the user may not do. */
    private void authorize(Statement statement, Optional<Command> ours, List<String> parameters) throws SQLException {
        if (ours.isEmpty()) {
            SupportedStatements.check(statement);
        }
        if (session.access().check(statement, parameters)) {
            return;
        }
        if (ours.isPresent()) {
            ours.get().authorize(session);
        } else {
            session.access().requireSuperuser(statement.verb());
        }
    }

    /** One transaction for what a statement does and for what is written down about it. */
    private Result recorded(Statement statement, Optional<Command> ours, List<String> parameters) throws SQLException {
        var alone = transaction.status() == TransactionStatus.IDLE;
        if (alone) {
            transaction.beginImplicit();
        }
        var before = session.access().before(statement);
        var result = carriedOut(statement, ours, parameters, null);
        session.access().done(statement, before);
        if (alone) {
            transaction.endImplicit();
        }
        return result;
    }

    private Result carriedOut(
            Statement statement, Optional<Command> ours, List<String> parameters, @Nullable EnginePlan plan)
            throws SQLException {
        var outdated = session.statements().prepare(statement, engine);
        if (ours.isEmpty()) {
            if (plan != null && !outdated && plan.isOfNow(engine)) {
                return plan.run(session);
            }
            var query = EngineQuery.of(statement, parameters);
            return plan == null || outdated ? query.run(session) : planned(query, plan);
        }
        if (ours.get() instanceof UserStatement(var command)) {
            transaction.requireNone(command.tag());
        }
        return ours.get().run(session, parameters);
    }

    /** Plans again what was described to the client, and carries it out if its rows have the columns that it was told. */
    private Result planned(EngineQuery query, EnginePlan plan) throws SQLException {
        try (var again = query.plan(session)) {
            if (!again.columns().equals(plan.columns())) {
                throw new PlanOutdated(null);
            }
            return again.run(session);
        }
    }

    private static String beginTag(Statement statement) {
        return statement.verb().equals("START") ? "START TRANSACTION" : "BEGIN";
    }

    /**
     * What a statement's rows will look like. The caller closes it.
     *
     * @param parameters literals that stand for the values
     */
    Description describe(Statement statement, List<String> parameters) {
        try {
            return description(statement, parameters);
        } catch (SqlFailure e) { // it will not be carried out after that
            session.statements().failed(session.statements().begin(statement, session), e.report(), session);
            throw e;
        }
    }

    private Description description(Statement statement, List<String> parameters) {
        try {
            if (TransactionCommand.of(statement).isPresent()) {
                return Description.of(List.of());
            }
            transaction.requireUsable();
            var ours = Command.of(statement);
            if (ours.isPresent()) {
                return Description.of(ours.get().columns(session));
            }
            authorize(statement, ours, parameters);
            return Description.of(EngineQuery.of(statement, parameters).plan(session));
        } catch (SqlFailure e) {
            fail();
            throw e;
        } catch (SQLException e) {
            fail();
            throw new SqlFailure(EngineErrors.report(e));
        }
    }

    /**
     * The types of parameters: as given, and where they were left open as the engine understands the statement.
     *
     * @param given UNKNOWN where left open
     */
    List<SqlType> inferParameters(Statement statement, List<SqlType> given) {
        if (TransactionCommand.of(statement).isPresent()
                || Command.of(statement).isPresent()) {
            return given;
        }
        var types = new ArrayList<>(given);
        if (mayLook(statement, given)) {
            infer(statement, types);
        }
        types.replaceAll(type -> type == SqlType.UNKNOWN ? SqlType.VARCHAR : type);
        return types;
    }

    /** Whether the user may carry it out: nobody else learns the types of its columns. */
    private boolean mayLook(Statement statement, List<SqlType> parameters) {
        try {
            authorize(
                    statement,
                    Optional.empty(),
                    parameters.stream().map(ParameterLiteral::ofNull).toList());
            return true;
        } catch (SqlFailure | SQLException refused) {
            log.debug("the parameters of {} are not looked at", statement.text(), refused);
            return false;
        }
    }

    private void infer(Statement statement, List<SqlType> types) {
        // The engine's own parameters, whose types it can tell where they are compared or stored.
        var placeholders =
                IntStream.rangeClosed(1, types.size()).mapToObj(i -> "$" + i).toList();
        try (var prepared = engine.prepare(EngineSql.of(statement, placeholders))) {
            var described = prepared.getParameterMetaData();
            for (var i = 1; i <= described.getParameterCount(); i++) {
                var name = described.getParameterTypeName(i);
                if (types.get(i - 1) == SqlType.UNKNOWN && !name.equals("INVALID") && !name.equals("UNKNOWN")) {
                    types.set(i - 1, EngineType.of(name).type());
                }
            }
        } catch (SQLException cannotTell) {
            log.debug("the engine cannot tell the parameters of {}", statement.text(), cannotTell);
        }
    }

    private void fail() {
        try {
            transaction.fail();
        } catch (SQLException e) {
            throw new SqlFailure(EngineErrors.report(e));
        }
    }
}
