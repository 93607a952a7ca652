package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.FieldPaths;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.redshiftdata.model.ActiveSessionsExceededException;
import software.amazon.awssdk.services.redshiftdata.model.DescribeStatementResponse;

/** Which sessions there are and who may use them. Their connections are {@link SessionConnections}'s. Thread-safe. */
final class Sessions {
    /** Of one workgroup or cluster, as in AWS. */
    private static final int MOST = 500;

    private final StatementStore store;
    private final Targets targets;
    private final SessionConnections connections;

    Sessions(StatementStore store, Targets targets, SessionConnections connections) {
        this.store = store;
        this.targets = targets;
        this.connections = connections;
    }

    static String newId() {
        return UUID.randomUUID().toString();
    }

    /** A session that the caller may use; a request that names it need not say where it is, but may not say otherwise. */
    Stored<String> require(Call call, SdkPojo request, String id) {
        Stored<String> session = store.sessions()
                .find(call.scope(), Rules.statementId(id))
                .filter(found ->
                        Owner.of(call.caller()).identity().equals(found.extra().get(StatementStore.OWNER)))
                .orElseThrow(() -> DataErrors.missing("Session does not exist.", id));
        for (String member : Targets.MEMBERS) {
            Optional<String> given = FieldPaths.text(request, member);
            if (given.isPresent() && !isOf(session, call.scope(), member, given.get())) {
                throw DataErrors.invalid("%s '%s' is not that of session %s; leave it out.", member, given.get(), id);
            }
        }
        return session;
    }

    private boolean isOf(Stored<String> session, Scope scope, String member, String given) {
        String site = session.extra().getOrDefault(StatementStore.SITE, "");
        return switch (member) {
            case "Database" -> given.equals(session.value());
            case "WorkgroupName" -> // perhaps by its ARN
                targets.name(scope, given).equals(site);
            case "ClusterIdentifier" ->
                new Site(true, given.toLowerCase(Locale.ROOT)).key().equals(site);
            default -> false;
        };
    }

    /**
     * A session is used by a new statement.
     *
     * @param keepAlive seconds; 0 leaves it as it is
     */
    void use(Transaction tx, Call call, String id, int keepAlive) throws SQLException {
        Stored<String> session = store.sessions()
                .find(tx, call.scope(), id)
                .orElseThrow(() -> DataErrors.missing("Session does not exist.", id));
        if (!store.statements()
                .listByIndex(tx, call.scope(), StatementStore.IN_SESSION, id, "", 1)
                .items()
                .isEmpty()) {
            throw DataErrors.invalid("Session %s is busy with another statement; wait for its end.", id);
        }
        if (!connections.isIdle(id)) {
            throw DataErrors.missing("Session does not exist any more.", id);
        }
        if (keepAlive > 0) {
            store.sessions().update(tx, session.withExtra(StatementStore.KEEP_ALIVE, Integer.toString(keepAlive)));
        }
    }

    /** The session that a new statement begins. */
    void begin(Transaction tx, Call call, DescribeStatementResponse statement, int keepAlive) throws SQLException {
        Site site = Site.of(statement);
        int others = store.sessions()
                .listByIndex(tx, call.scope(), StatementStore.SITE, site.key(), "", Resources.ALL)
                .items()
                .size();
        if (others >= MOST) {
            throw ActiveSessionsExceededException.builder()
                    .message("%s has %d sessions, which is the most that are allowed.".formatted(site, MOST))
                    .build();
        }
        Owner owner = Owner.of(call.caller());
        store.sessions()
                .insert(
                        tx,
                        call.scope(),
                        statement.sessionId(),
                        statement.database(),
                        Map.of(
                                StatementStore.OWNER, owner.identity(),
                                StatementStore.USER_ID, owner.userId(),
                                StatementStore.SITE, site.key(),
                                StatementStore.USER, statement.dbUser(),
                                StatementStore.BEGUN, statement.createdAt().toString(),
                                StatementStore.KEEP_ALIVE, Integer.toString(keepAlive)));
    }
}
