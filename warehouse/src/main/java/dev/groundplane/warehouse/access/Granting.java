package dev.groundplane.warehouse.access;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.access.PrivilegeTables.Entry;
import dev.groundplane.warehouse.sql.GrantCommand;
import dev.groundplane.warehouse.sql.Grantee;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Carries out GRANT and REVOKE in the session's transaction. Made for one statement. */
final class Granting {
    private final Relations relations;
    private final PrivilegeTables tables;
    private final Rights rights;
    private final Directory directory;
    private final String database;
    private final int user;

    /** @param user the id of who grants */
    Granting(
            Relations relations,
            PrivilegeTables tables,
            Rights rights,
            Directory directory,
            String database,
            int user) {
        this.relations = relations;
        this.tables = tables;
        this.rights = rights;
        this.directory = directory;
        this.database = database;
        this.user = user;
    }

    void run(GrantCommand command) throws SQLException {
        if (command.target() instanceof GrantCommand.Future future) {
            defaults(command, future);
            return;
        }
        for (var target : targets(command.target())) {
            for (var item : command.privileges()) {
                for (var column : item.columns().isEmpty() ? List.of("") : item.columns()) {
                    one(command, target, item, column);
                }
            }
        }
    }

    private List<Target> targets(GrantCommand.Target named) throws SQLException {
        var targets = new ArrayList<Target>();
        switch (named) {
            case GrantCommand.Relations(var names) -> {
                for (var name : names) {
                    targets.addAll(ordinary(relations.require(name)));
                }
            }
            case GrantCommand.AllIn(var schemas) -> {
                for (var schema : schemas) {
                    var its = relations.requireSchema(schema);
                    targets.addAll(ordinary(relations.allIn(its.database(), its.schema())));
                }
            }
            case GrantCommand.Schemas(var names) -> {
                for (var name : names) {
                    targets.add(relations.requireSchema(name));
                }
            }
            case GrantCommand.Databases(var names) -> {
                for (var name : names) {
                    targets.add(Target.database(relations.requireDatabase(name)));
                }
            }
            case GrantCommand.Future future -> throw new IllegalStateException("handled before");
        }
        requireOneDatabase(targets);
        return targets;
    }

    /** A transaction writes to one database only, and so does a statement. */
    private static void requireOneDatabase(List<Target> targets) {
        var databases = targets.stream().map(Target::database).distinct().toList();
        if (databases.size() > 1) {
            throw SqlFailure.of(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "GRANT and REVOKE name objects of one database, not of %s: use a statement for each"
                            .formatted(String.join(" and ", databases)));
        }
    }

    private static List<Target> ordinary(List<Relations.Relation> found) {
        var targets = new ArrayList<Target>();
        for (var relation : found) {
            if (relation.isNobodys()) {
                throw relation.target().denied();
            }
            targets.add(relation.target());
        }
        return targets;
    }

    private void one(GrantCommand command, Target target, GrantCommand.Item item, String column) throws SQLException {
        if (!rights.mayGrant(user, target, item.privilege(), column)) {
            throw target.denied();
        }
        if (!column.isEmpty()) {
            requireColumn(target, column);
        }
        for (var grantee : command.grantees()) {
            var id = directory.requireId(grantee);
            if (command.option() && command.grants() && grantee.kind() != Grantee.Kind.USER) {
                throw SqlFailure.of(
                        SqlState.FEATURE_NOT_SUPPORTED, "a grant option is for users, and not for " + grantee.kind());
            }
            var entry = new Entry(item.privilege(), column, grantee.kind(), id, user, command.option());
            if (command.grants()) {
                add(target, entry);
            } else {
                revoke(command, target, entry);
            }
        }
    }

    private void requireColumn(Target target, String column) throws SQLException {
        var relation = relations.require(List.of(target.database(), target.schema(), target.name()));
        if (!relations.columns(relation.getFirst()).contains(column)) {
            throw SqlFailure.of(
                    SqlState.UNDEFINED_COLUMN,
                    "column \"%s\" of relation \"%s\" does not exist".formatted(column, target.name()));
        }
    }

    /** What somebody has with the option stays so when it is granted again without. */
    private void add(Target target, Entry entry) throws SQLException {
        var had = same(target, entry).anyMatch(Entry::option);
        tables.add(
                target,
                new Entry(
                        entry.privilege(),
                        entry.column(),
                        entry.kind(),
                        entry.grantee(),
                        entry.grantor(),
                        entry.option() || had));
    }

    private java.util.stream.Stream<Entry> same(Target target, Entry entry) throws SQLException {
        return tables.entries(target).stream()
                .filter(one -> one.privilege() == entry.privilege()
                        && one.column().equals(entry.column())
                        && one.kind() == entry.kind()
                        && one.grantee() == entry.grantee());
    }

    private void revoke(GrantCommand command, Target target, Entry entry) throws SQLException {
        var all = rights.owns(user, target);
        var found =
                same(target, entry).filter(one -> all || one.grantor() == user).toList();
        for (var one : found) {
            passedOn(command, target, one);
            tables.remove(target, one);
            if (command.option()) { // of REVOKE: only the option goes
                tables.add(
                        target,
                        new Entry(one.privilege(), one.column(), one.kind(), one.grantee(), one.grantor(), false));
            }
        }
    }

    /** What whoever loses a privilege granted on goes with CASCADE, and is in the way without. */
    private void passedOn(GrantCommand command, Target target, Entry entry) throws SQLException {
        if (!entry.option() || entry.kind() != Grantee.Kind.USER || rights.owns(entry.grantee(), target)) {
            return;
        }
        for (var one : tables.entries(target)) {
            if (one.privilege() == entry.privilege()
                    && one.grantor() == entry.grantee()
                    && !one.equals(entry)
                    && (entry.column().isEmpty() || one.column().equals(entry.column()))) {
                if (!command.cascade()) {
                    throw SqlFailure.of(
                            SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
                            "dependent privileges exist",
                            "Use CASCADE to revoke them too.");
                }
                tables.remove(target, one);
                passedOn(command, target, one);
            }
        }
    }

    private void defaults(GrantCommand command, GrantCommand.Future future) throws SQLException {
        var owners = new ArrayList<Integer>();
        for (var owner : future.owners()) {
            owners.add(directory.requireUser(owner).id());
        }
        if (owners.isEmpty()) {
            owners.add(user);
        }
        var schemas = new ArrayList<String>();
        for (var schema : future.schemas()) {
            schemas.add(relations.requireSchema(List.of(schema)).schema());
        }
        if (schemas.isEmpty()) {
            schemas.add("");
        }
        for (var owner : owners) {
            if (owner != user && !rights.isSuperuser(user)) {
                throw SqlFailure.of(
                        SqlState.INSUFFICIENT_PRIVILEGE,
                        "permission denied: must be superuser to alter the default privileges of another user");
            }
            for (var schema : schemas) {
                for (var item : command.privileges()) {
                    for (var grantee : command.grantees()) {
                        var entry = new Entry(
                                item.privilege(),
                                "",
                                grantee.kind(),
                                directory.requireId(grantee),
                                owner,
                                command.option());
                        if (command.grants()) {
                            tables.addDefault(database, owner, schema, entry);
                        } else {
                            tables.removeDefault(database, owner, schema, entry);
                        }
                    }
                }
            }
        }
    }
}
