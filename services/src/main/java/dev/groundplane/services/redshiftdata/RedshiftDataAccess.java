package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.ConditionKeys;
import dev.groundplane.wire.FieldPaths;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The Data API's actions, resources and condition keys. Source: Service Authorization Reference, "Amazon Redshift Data API".
 * Getting a database user's password, or a secret, is asked for besides, when the call makes that call.
 */
final class RedshiftDataAccess implements AccessModel {
    private static final String PREFIX = "redshift-data:";
    private static final String STATEMENT_OWNER = PREFIX + "statement-owner-iam-userid";
    private static final String SESSION_OWNER = PREFIX + "session-owner-iam-userid";

    private final StatementStore store;
    private final Statements statements;
    private final Targets targets;

    RedshiftDataAccess(StatementStore store, Statements statements, Targets targets) {
        this.store = store;
        this.statements = statements;
        this.targets = targets;
    }

    @Override
    public List<AccessRequest> asked(Scope scope, String operation, SdkPojo request) {
        String action = PREFIX + (operation.equals("GetStatementResultV2") ? "GetStatementResult" : operation);
        ConditionKeys keys = new ConditionKeys();
        FieldPaths.text(request, "Id")
                .flatMap(id -> statements.submitter(scope, id))
                .ifPresent(submitter -> keys.set(STATEMENT_OWNER, submitter));
        var session = FieldPaths.text(request, "SessionId")
                .flatMap(id -> store.sessions().find(scope, id));
        session.ifPresent(found -> keys.set(SESSION_OWNER, found.extra().getOrDefault(StatementStore.USER_ID, "")));
        Optional<Site> site = operation.equals("ListStatements")
                ? Optional.empty()
                : FieldPaths.text(request, "WorkgroupName")
                        .map(name -> new Site(false, name))
                        .or(() -> FieldPaths.text(request, "ClusterIdentifier")
                                .map(name -> new Site(true, name.toLowerCase(Locale.ROOT))))
                        .or(() -> session.map(found -> Site.of(found.extra().getOrDefault(StatementStore.SITE, ""))));
        String resource = site.map(where ->
                        where.cluster() ? scope.arn("redshift", "cluster:" + where.name()) : arn(scope, where.name()))
                .orElse("*");
        return List.of(AccessRequest.on(action, resource).with(keys.values()));
    }

    /** A workgroup that is not there is asked for by its name. */
    private String arn(Scope scope, String nameOrArn) {
        return targets.arn(scope, nameOrArn)
                .orElse(
                        nameOrArn.startsWith("arn:")
                                ? nameOrArn
                                : scope.arn("redshift-serverless", "workgroup/" + nameOrArn));
    }
}
