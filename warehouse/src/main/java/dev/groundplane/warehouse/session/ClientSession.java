package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.FrontendMessage;
import dev.groundplane.pgwire.MessageInput;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.ProtocolViolation;
import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.pgwire.TransactionStatus;
import dev.groundplane.warehouse.engine.EngineErrors;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's session after its authentication, until it ends. Runs on one thread. */
final class ClientSession {
    private static final Logger log = LoggerFactory.getLogger(ClientSession.class);

    private final MessageInput input;
    private final MessageOutput output;
    private final SessionContext session;
    private final EngineSession engine;
    private final TransactionBlock transaction;
    private final StatementRunner runner;
    private final SimpleQuery simple;
    private final ExtendedQuery extended;
    private final Idleness idleness;
    private final Termination termination;
    private final Presence presence;
    /** After an error in the extended protocol all is passed over until the next Sync. */
    private boolean skipping;
    /** Between ReadyForQuery and the next message. */
    private boolean idle;

    /**
     * @param idleness what becomes of it when its client is silent
     * @param termination may end it from outside
     * @param presence tells the history that it is here
     * @param queriesRefused whether a usage limit is reached
     */
    ClientSession(
            MessageInput input,
            MessageOutput output,
            SessionContext session,
            Idleness idleness,
            Termination termination,
            Presence presence,
            BooleanSupplier queriesRefused) {
        this.input = input;
        this.output = output;
        this.session = session;
        this.engine = session.engine();
        this.transaction = session.transaction();
        this.runner = new StatementRunner(session, transaction, queriesRefused);
        this.simple = new SimpleQuery(runner, transaction, output);
        this.extended = new ExtendedQuery(runner, output);
        this.idleness = idleness;
        this.termination = termination;
        this.presence = presence;
    }

    /** Begins, and answers messages until the client leaves or sends what is none, or the session is parked. */
    void begin(Cancellation.Key key) throws IOException, SQLException {
        SettingStatement.applyAll(session);
        presence.began();
        output.backendKeyData(key.processId(), key.secretKey());
        ready();
        run(key);
    }

    /** Goes on from where it was parked. */
    void resume(SessionState state) throws IOException, SQLException {
        SettingStatement.applyAll(session);
        engine.lastLoads(state.lastLoads());
        session.settings().changed(); // its client was told of them before
        presence.resumed();
        state.prepared().forEach((name, one) -> extended.prepared().put(name, one.query()));
        idle = true;
        run(state.key());
    }

    private void run(Cancellation.Key key) throws IOException, SQLException {
        try {
            for (var message = next(); message != null; message = next()) {
                if (message instanceof FrontendMessage.Terminate) {
                    return;
                }
                if (message instanceof FrontendMessage.Park) {
                    if (isParkable() && termination.leave()) {
                        idleness.parked(state(key).encode());
                        presence.parked(); // it goes on only after its connection has ended
                        return;
                    }
                    idleness.stays();
                } else {
                    answer(message);
                }
            }
        } catch (ProtocolViolation e) {
            output.error(Report.fatal(SqlState.PROTOCOL_VIOLATION, String.valueOf(e.getMessage())));
            output.flush();
        } finally {
            session.cursors().closeAll();
            extended.closePortals();
            presence.ended(termination.isTimedOut());
        }
    }

    private @Nullable FrontendMessage next() throws IOException {
        return termination.next(input, idle);
    }

    /** Whether {@link SessionState} has all that there is to this session now. */
    private boolean isParkable() throws SQLException {
        return idle
                && !termination.hasTimeout()
                && transaction.status() == TransactionStatus.IDLE
                && session.access().isMyself()
                && session.prepared().isEmpty()
                && !engine.hasTemporaryObjects();
    }

    private SessionState state(Cancellation.Key key) throws SQLException {
        var prepared = new LinkedHashMap<String, SessionState.Prepared>();
        extended.prepared().forEach((name, query) -> prepared.put(name, SessionState.Prepared.of(query)));
        return new SessionState(
                session.user(),
                session.access().userId(),
                engine.database(),
                key,
                session.settings().values(),
                session.statements().lastQuery(),
                presence.client(),
                prepared,
                engine.lastLoads());
    }

    private void answer(FrontendMessage message) throws IOException {
        idle = false;
        var isExtended = !(message instanceof FrontendMessage.Query);
        if (skipping && isExtended && !(message instanceof FrontendMessage.Sync)) {
            return;
        }
        try {
            carryOut(message);
        } catch (SqlFailure e) {
            failed(e.report(), isExtended);
        } catch (SQLException e) {
            failed(EngineErrors.report(e), isExtended);
        } catch (RuntimeException e) { // the outermost loop of a session: one bad statement must not end it
            log.error("a statement failed for a reason of our own", e);
            failed(Report.error(SqlState.INTERNAL_ERROR, "internal error: " + e), isExtended);
        } finally {
            if (!(message instanceof FrontendMessage.DescribePortal || message instanceof FrontendMessage.Flush)) {
                extended.forgetDescribed();
            }
        }
        if (!isExtended) {
            ready();
        }
    }

    private void failed(Report report, boolean isExtended) throws IOException {
        output.error(report);
        skipping = isExtended;
        try {
            transaction.fail();
        } catch (SQLException e) {
            log.error("the engine cannot roll back", e);
        }
    }

    private void carryOut(FrontendMessage message) throws IOException, SQLException {
        switch (message) {
            case FrontendMessage.Query(var script) -> {
                extended.forgetUnnamed();
                simple.run(script);
            }
            case FrontendMessage.Parse parse -> extended.parse(parse);
            case FrontendMessage.Bind bind -> extended.bind(bind);
            case FrontendMessage.DescribeStatement describe -> extended.describe(describe);
            case FrontendMessage.DescribePortal describe -> extended.describe(describe);
            case FrontendMessage.Execute execute -> extended.execute(execute);
            case FrontendMessage.CloseStatement close -> extended.close(close);
            case FrontendMessage.ClosePortal close -> extended.close(close);
            case FrontendMessage.Sync sync -> {
                skipping = false;
                ready();
            }
            case FrontendMessage.Flush flush -> output.flush();
            case FrontendMessage.Copy copy ->
                throw SqlFailure.unsupported("COPY from and to the client; use COPY … FROM 's3://…', which it");
            case FrontendMessage.FunctionCall call -> throw SqlFailure.unsupported("a function call by its OID");
            case FrontendMessage.Password password ->
                throw new ProtocolViolation("a password was sent, but none was asked for");
            case FrontendMessage.Park park -> throw new IllegalStateException("handled before");
            case FrontendMessage.Terminate terminate -> throw new IllegalStateException("handled before");
        }
    }

    private void ready() throws IOException {
        if (transaction.status() == TransactionStatus.IDLE) {
            extended.closePortals();
            session.cursors().closeAll();
        }
        for (var setting : session.settings().changed().entrySet()) {
            output.parameterStatus(setting.getKey(), setting.getValue());
        }
        engine.endRequest(); // before the client can know: what it cancels from then on is over
        output.readyForQuery(transaction.status());
        output.flush();
        termination.said();
        idle = true;
    }
}
