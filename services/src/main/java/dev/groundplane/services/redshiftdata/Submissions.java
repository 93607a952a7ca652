package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.FieldPaths;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.redshiftdata.model.ActiveStatementsExceededException;
import software.amazon.awssdk.services.redshiftdata.model.BatchExecuteStatementRequest;
import software.amazon.awssdk.services.redshiftdata.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.redshiftdata.model.DescribeStatementResponse;
import software.amazon.awssdk.services.redshiftdata.model.ExecuteStatementRequest;
import software.amazon.awssdk.services.redshiftdata.model.ExecuteStatementResponse;
import software.amazon.awssdk.services.redshiftdata.model.SqlParameter;
import software.amazon.awssdk.services.redshiftdata.model.StatementStatusString;
import software.amazon.awssdk.services.redshiftdata.model.StatusString;
import software.amazon.awssdk.services.redshiftdata.model.SubStatementData;

/** Takes statements in: checks them, finds out where they run and as whom, and stores them. Thread-safe. */
final class Submissions {
    /** Of one workgroup or cluster, as in AWS. */
    private static final int MOST_ACTIVE = 500;

    private static final int MOST_STATEMENTS = 40;

    private static final Set<String> COMMON =
            Set.of("StatementName", "ClientToken", "ResultFormat", "SessionId", "SessionKeepAliveSeconds");
    private static final Set<String> EXECUTE = members("Sql", "Parameters", "Parameters.name", "Parameters.value");
    private static final Set<String> BATCH = members("Sqls");

    private static final WireForm<ExecuteStatementResponse> EXECUTED =
            WireForm.of(ExecuteStatementResponse.class, ExecuteStatementResponse::builder);
    private static final WireForm<BatchExecuteStatementResponse> BATCHED =
            WireForm.of(BatchExecuteStatementResponse.class, BatchExecuteStatementResponse::builder);

    private final StatementStore store;
    private final ClientTokens tokens;
    private final Targets targets;
    private final Sessions sessions;
    private final Passwords passwords;
    private final InstantSource clock;

    Submissions(StatementStore store, Targets targets, Sessions sessions, Passwords passwords, InstantSource clock) {
        this.store = store;
        this.tokens = new ClientTokens(store, clock);
        this.targets = targets;
        this.sessions = sessions;
        this.passwords = passwords;
        this.clock = clock;
    }

    private static Set<String> members(String... own) {
        Set<String> all = new LinkedHashSet<>(List.of(own));
        all.addAll(COMMON);
        all.addAll(Targets.MEMBERS);
        return Set.copyOf(all);
    }

    ExecuteStatementResponse execute(Call call, ExecuteStatementRequest request) {
        DataErrors.checkMembers(request, EXECUTE);
        String sql = Rules.sql(request.sql());
        checkParameters(sql, request.parameters());
        DescribeStatementResponse statement = DescribeStatementResponse.builder()
                .queryString(sql)
                .queryParameters(request.parameters())
                .resultFormat(Rules.format(request.resultFormatAsString()))
                .build();
        return submit(call, request, Rules.keepAlive(request.sessionKeepAliveSeconds()), statement, EXECUTED);
    }

    BatchExecuteStatementResponse batch(Call call, BatchExecuteStatementRequest request) {
        DataErrors.checkMembers(request, BATCH);
        int count = request.sqls().size();
        if (count < 1 || count > MOST_STATEMENTS) {
            throw DataErrors.invalid("Sqls has %d statements; 1 to %d are allowed.", count, MOST_STATEMENTS);
        }
        request.sqls().forEach(sql -> checkSingle(NamedParameters.parse(Rules.sql(sql), Map.of())));
        DescribeStatementResponse statement = DescribeStatementResponse.builder()
                .resultFormat(Rules.format(request.resultFormatAsString()))
                .subStatements(request.sqls().stream()
                        .map(sql -> SubStatementData.builder().queryString(sql).build())
                        .toList())
                .build();
        return submit(call, request, Rules.keepAlive(request.sessionKeepAliveSeconds()), statement, BATCHED);
    }

    private static void checkParameters(String sql, List<SqlParameter> parameters) {
        Map<String, String> values = new LinkedHashMap<>();
        for (SqlParameter parameter : parameters) {
            if (parameter.name() == null || !parameter.name().matches("[0-9a-zA-Z_]+")) {
                throw DataErrors.invalid(
                        "Parameter name '%s' must have letters, digits and underscores only.", parameter.name());
            }
            if (parameter.value() == null || parameter.value().isEmpty()) {
                throw DataErrors.invalid("Parameter %s must have a value of 1 character at least.", parameter.name());
            }
            if (values.put(parameter.name(), parameter.value()) != null) {
                throw DataErrors.invalid("Parameter %s is given more than once.", parameter.name());
            }
        }
        NamedParameters.Parsed parsed = NamedParameters.parse(sql, values);
        checkSingle(parsed);
        parsed.names().forEach(values::remove);
        if (!values.isEmpty()) {
            throw DataErrors.invalid("Parameters %s are not used in the SQL statement.", values.keySet());
        }
    }

    private static void checkSingle(NamedParameters.Parsed parsed) {
        if (parsed.statements() != 1) {
            throw DataErrors.invalid(
                    "A SQL text must be a single SQL statement, this one has %d; use BatchExecuteStatement.",
                    parsed.statements());
        }
    }

    /**
     * Stores a statement, which is run from then on.
     *
     * @param statement what is to run, without where and as whom
     * @param form of the response, whose members a statement has by the same names
     */
    private <R extends SdkPojo> R submit(
            Call call, SdkPojo request, int keepAlive, DescribeStatementResponse statement, WireForm<R> form) {
        Owner owner = Owner.of(call.caller());
        Map<String, String> extra = new HashMap<>();
        extra.put(StatementStore.OWNER, owner.identity());
        extra.put(StatementStore.USER_ID, owner.userId());
        extra.put(
                StatementStore.NAME,
                Rules.statementName(FieldPaths.text(request, "StatementName").orElse(null)));
        Optional<ClientTokens.Token> token = ClientTokens.of(owner, request);
        Optional<DescribeStatementResponse> known = token.flatMap(one -> tokens.known(call.scope(), one));
        if (known.isPresent()) {
            return form.decode(WireForm.json(known.get()));
        }
        token.ifPresent(one -> {
            extra.put(StatementStore.TOKEN, one.key());
            extra.put(StatementStore.FINGERPRINT, one.fingerprint());
        });
        Instant now = clock.instant();
        String id = StatementStore.newId(now);
        DescribeStatementResponse.Builder placed = submitted(statement, id, now);
        Optional<String> session = FieldPaths.text(request, "SessionId");
        if (session.isPresent()) {
            Stored<String> used = sessions.require(call, request, session.get());
            placed.sessionId(used.name())
                    .database(used.value())
                    .dbUser(used.extra().get(StatementStore.USER));
            Site.of(used.extra().getOrDefault(StatementStore.SITE, "")).on(placed);
        } else {
            place(call, request, keepAlive, id, placed, extra);
        }
        if (statement.hasSubStatements()) {
            extra.put(StatementStore.BATCH, "true");
        }
        return call.commit(tx -> {
            if (token.isPresent()) { // it may have come twice at a time
                Optional<DescribeStatementResponse> twin = tokens.known(tx, call.scope(), token.get());
                if (twin.isPresent()) {
                    return form.decode(WireForm.json(twin.get()));
                }
            }
            DescribeStatementResponse value = placed.build();
            checkActive(tx, call, Site.of(value));
            if (session.isPresent()) {
                sessions.use(tx, call, value.sessionId(), keepAlive);
            } else if (keepAlive > 0) {
                sessions.begin(tx, call, value, keepAlive);
            }
            store.statements().insert(tx, call.scope(), id, value, extra);
            return form.decode(WireForm.json(value));
        });
    }

    private static DescribeStatementResponse.Builder submitted(
            DescribeStatementResponse statement, String id, Instant now) {
        return numbered(statement, id, now).toBuilder()
                .id(id)
                .status(StatusString.SUBMITTED)
                .createdAt(now)
                .updatedAt(now)
                .duration(-1L)
                .resultRows(-1L)
                .resultSize(-1L)
                .redshiftPid(0L)
                .redshiftQueryId(-1L)
                .hasResultSet(false);
    }

    /** A statement outside of a session, or that begins one, has a connection of its own. */
    private void place(
            Call call,
            SdkPojo request,
            int keepAlive,
            String id,
            DescribeStatementResponse.Builder placed,
            Map<String, String> extra) {
        Target target =
                targets.of(call, request, FieldPaths.text(request, "Database").orElse(null));
        placed.database(target.database())
                .dbUser(target.user())
                .secretArn(FieldPaths.text(request, "SecretArn").orElse(null));
        target.site().on(placed);
        extra.put(StatementStore.HOST, target.host());
        extra.put(StatementStore.PORT, Integer.toString(target.port()));
        extra.put(StatementStore.PASSWORD, passwords.seal(id, target.password()));
        if (keepAlive > 0) {
            placed.sessionId(Sessions.newId());
            extra.put(StatementStore.BEGINS_SESSION, "true");
        }
    }

    private static DescribeStatementResponse numbered(DescribeStatementResponse statement, String id, Instant now) {
        if (!statement.hasSubStatements()) {
            return statement;
        }
        List<SubStatementData> parts = statement.subStatements();
        return statement.toBuilder()
                .subStatements(IntStream.range(0, parts.size())
                        .mapToObj(i -> parts.get(i).toBuilder()
                                .id(id + ":" + (i + 1))
                                .status(StatementStatusString.SUBMITTED)
                                .createdAt(now)
                                .updatedAt(now)
                                .duration(-1L)
                                .resultRows(-1L)
                                .resultSize(-1L)
                                .redshiftQueryId(-1L)
                                .hasResultSet(false)
                                .build())
                        .toList())
                .build();
    }

    private void checkActive(Transaction tx, Call call, Site site) throws SQLException {
        if (store.statements()
                        .listByIndex(tx, call.scope(), StatementStore.ACTIVE, site.key(), "", MOST_ACTIVE)
                        .items()
                        .size()
                >= MOST_ACTIVE) {
            throw ActiveStatementsExceededException.builder()
                    .message("%s has %d active statements, which is the most that are allowed."
                            .formatted(site, MOST_ACTIVE))
                    .build();
        }
    }
}
