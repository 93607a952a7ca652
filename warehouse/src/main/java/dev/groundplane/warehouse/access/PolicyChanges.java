package dev.groundplane.warehouse.access;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Grantee;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.PolicyCommand;
import dev.groundplane.warehouse.sql.PolicyCommand.Conjunction;
import dev.groundplane.warehouse.sql.PolicyCommand.Kind;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.Optional;

/** Carries out a superuser's commands about policies, in the session's transaction. Made for one command. */
final class PolicyChanges {
    private final EngineSession engine;
    private final Relations relations;
    private final PolicyTables tables;
    private final Directory directory;
    private final PolicyExpressions expressions;
    private final int by;

    /** @param by the id of who carries it out */
    PolicyChanges(EngineSession engine, Relations relations, PolicyTables tables, Directory directory, int by) {
        this.engine = engine;
        this.relations = relations;
        this.tables = tables;
        this.directory = directory;
        this.expressions = new PolicyExpressions(engine, relations, tables);
        this.by = by;
    }

    void run(PolicyCommand command) throws SQLException {
        switch (command) {
            case PolicyCommand.Create create -> create(create);
            case PolicyCommand.Alter alter -> alter(alter);
            case PolicyCommand.Drop drop -> drop(drop);
            case PolicyCommand.Attach attach -> attach(attach);
            case PolicyCommand.Detach detach -> detach(detach);
            case PolicyCommand.Security security -> secure(security);
            case PolicyCommand.Permit permit -> {
                for (var role : permit.roles()) {
                    var id = directory.requireId(new Grantee(Grantee.Kind.ROLE, role));
                    for (var permission : permit.permissions()) {
                        tables.permit(engine.database(), permit.grants(), permission, id);
                    }
                }
            }
        }
    }

    private Optional<Policy> find(Kind kind, String name) throws SQLException {
        return tables.policies(engine.database()).stream()
                .filter(one -> one.kind() == kind && one.name().equals(name))
                .findFirst();
    }

    private Policy require(Kind kind, String name) throws SQLException {
        return find(kind, name)
                .orElseThrow(() -> SqlFailure.of(
                        SqlState.UNDEFINED_OBJECT, "%s policy \"%s\" does not exist".formatted(kind, name)));
    }

    private void create(PolicyCommand.Create create) throws SQLException {
        if (find(create.kind(), create.name()).isPresent()) {
            if (create.ifNotExists()) {
                return;
            }
            throw SqlFailure.of(
                    SqlState.DUPLICATE_OBJECT,
                    "%s policy \"%s\" already exists".formatted(create.kind(), create.name()));
        }
        tables.add(
                expressions.checked(
                        create.kind(),
                        create.name(),
                        create.alias(),
                        create.parameters(),
                        create.expressions().parts()),
                create.expressions().text(),
                by);
    }

    private void alter(PolicyCommand.Alter alter) throws SQLException {
        var old = require(alter.kind(), alter.name());
        var altered = expressions.checked(
                old.kind(),
                old.name(),
                old.alias(),
                old.parameters(),
                alter.expressions().parts());
        if (altered.parts().size() != old.parts().size()) {
            throw SqlFailure.of(
                    SqlState.DATATYPE_MISMATCH,
                    "policy \"%s\" is of %d columns, not of %d"
                            .formatted(
                                    old.name(),
                                    old.parts().size(),
                                    altered.parts().size()));
        }
        tables.remove(old);
        tables.add(altered, alter.expressions().text(), by);
    }

    private void drop(PolicyCommand.Drop drop) throws SQLException {
        var found = find(drop.kind(), drop.name());
        if (found.isEmpty() && drop.ifExists()) {
            return;
        }
        var policy = require(drop.kind(), drop.name());
        for (var attachment : tables.attachments()) {
            if (attachment.policy().equals(policy)) {
                if (!drop.cascade()) {
                    throw SqlFailure.of(
                            SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
                            "%s policy \"%s\" cannot be dropped because it is attached to relation \"%s\""
                                    .formatted(
                                            drop.kind(),
                                            drop.name(),
                                            attachment.relation().name()),
                            "Detach it before, or use CASCADE.");
                }
                tables.detach(attachment);
            }
        }
        tables.remove(policy);
    }

    private void attach(PolicyCommand.Attach attach) throws SQLException {
        var policy = require(attach.kind(), attach.name());
        for (var path : attach.tables()) {
            var table = expressions.requireTable(path, "a policy of");
            relations.requireChangeable(table.database()); // whose columns may get other names
            new PolicyDependencies(engine, relations, tables).requireFree(table, attach.kind());
            for (var grantee : attach.grantees()) {
                var attachment = new Policy.Attachment(
                        policy,
                        table,
                        grantee.kind(),
                        directory.requireId(grantee),
                        attach.priority(),
                        attach.outputs(),
                        attach.inputs());
                requireFits(attachment);
                requireNoOther(attachment);
                tables.attach(attachment, by);
            }
        }
    }

    private void requireFits(Policy.Attachment attachment) throws SQLException {
        var policy = attachment.policy();
        var table = attachment.relation();
        var columns = relations.columnTypes(table);
        for (var column : attachment.columns()) {
            if (!columns.containsKey(column)) {
                throw SqlFailure.of(
                        SqlState.UNDEFINED_COLUMN,
                        "column \"%s\" of policy \"%s\" does not exist in relation \"%s\""
                                .formatted(column, policy.name(), table.name()));
            }
        }
        if (policy.kind() == Kind.RLS) {
            var alias = Names.quote(policy.alias().isEmpty() ? Protection.TABLE : policy.alias());
            engine.prepare("SELECT 1 FROM %s AS %s WHERE %s"
                            .formatted(
                                    Protection.whole(table),
                                    alias,
                                    policy.parts().getFirst()))
                    .close();
            return;
        }
        var inputs = attachment.inputs().isEmpty() ? attachment.outputs() : attachment.inputs();
        if (inputs.size() != policy.parameters().size()
                || attachment.outputs().size() != policy.parts().size()) {
            throw SqlFailure.of(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "policy \"%s\" takes %d columns and gives %d, not %d and %d"
                            .formatted(
                                    policy.name(),
                                    policy.parameters().size(),
                                    policy.parts().size(),
                                    inputs.size(),
                                    attachment.outputs().size()));
        }
    }

    private void requireNoOther(Policy.Attachment attachment) throws SQLException {
        for (var other : tables.attachments()) {
            if (!other.relation().equals(attachment.relation())
                    || other.policy().kind() != attachment.policy().kind()) {
                continue;
            }
            var sameGrantee =
                    other.granteeKind() == attachment.granteeKind() && other.grantee() == attachment.grantee();
            var samePolicy = other.policy().equals(attachment.policy());
            var sameColumn = other.outputs().stream().anyMatch(attachment.outputs()::contains);
            if (attachment.policy().kind() == Kind.RLS) {
                if (sameGrantee && samePolicy) {
                    throw taken("it is attached already", attachment);
                }
                if (!other.policy().alias().equals(attachment.policy().alias())) {
                    throw taken(
                            "policy \"%s\" there has another alias"
                                    .formatted(other.policy().name()),
                            attachment);
                }
            } else if (sameColumn && sameGrantee) {
                throw taken(
                        "the same grantee has policy \"%s\" of the column"
                                .formatted(other.policy().name()),
                        attachment);
            } else if (sameColumn && !samePolicy && other.priority() == attachment.priority()) {
                throw taken(
                        "policy \"%s\" of the column has the same priority, %d"
                                .formatted(other.policy().name(), other.priority()),
                        attachment);
            }
        }
    }

    private static SqlFailure taken(String why, Policy.Attachment attachment) {
        return SqlFailure.of(
                SqlState.DUPLICATE_OBJECT,
                "policy \"%s\" cannot be attached to relation \"%s\": %s"
                        .formatted(
                                attachment.policy().name(),
                                attachment.relation().name(),
                                why));
    }

    private void detach(PolicyCommand.Detach detach) throws SQLException {
        var policy = require(detach.kind(), detach.name());
        for (var path : detach.tables()) {
            var table = expressions.requireTable(path, "a policy of");
            for (var grantee : detach.grantees()) {
                var id = directory.requireId(grantee);
                var found = tables.attachments().stream()
                        .filter(one -> one.policy().equals(policy)
                                && one.relation().equals(table)
                                && one.granteeKind() == grantee.kind()
                                && one.grantee() == id
                                && one.outputs().equals(detach.outputs()))
                        .findFirst()
                        .orElseThrow(() -> SqlFailure.of(
                                SqlState.UNDEFINED_OBJECT,
                                "policy \"%s\" is not attached to relation \"%s\" for that user, role or PUBLIC"
                                        .formatted(policy.name(), table.name())));
                tables.detach(found);
            }
        }
    }

    private void secure(PolicyCommand.Security security) throws SQLException {
        var table = expressions.requireTable(security.table(), "row-level security of");
        if (security.on()) {
            new PolicyDependencies(engine, relations, tables).requireFree(table, Kind.RLS);
        }
        var all = tables.rows().stream()
                .filter(one -> one.relation().equals(table))
                .allMatch(Policy.Rows::all);
        tables.put(table, security.on(), security.conjunction().orElse(all ? Conjunction.AND : Conjunction.OR));
    }
}
