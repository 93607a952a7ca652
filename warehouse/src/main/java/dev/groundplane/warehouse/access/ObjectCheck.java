package dev.groundplane.warehouse.access;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.ObjectStatement;
import dev.groundplane.warehouse.sql.Privilege;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Checks of CREATE, ALTER and DROP, and what they leave behind of owners and privileges. Made for one statement. */
final class ObjectCheck {
    private final Relations relations;
    private final PrivilegeTables tables;
    private final Rights rights;
    private final Directory directory;
    private final int user;

    /** @param user the id of who carries it out */
    ObjectCheck(Relations relations, PrivilegeTables tables, Rights rights, Directory directory, int user) {
        this.relations = relations;
        this.tables = tables;
        this.rights = rights;
        this.directory = directory;
        this.user = user;
    }

    /**
     * Checks a statement before it is carried out.
     *
     * @return whether it is one that is known here
     */
    boolean before(ObjectStatement object) throws SQLException {
        if (object.kind().equals("DATABASE")) {
            requireCreateDatabase(object);
            return true;
        }
        if (object.kind().equals("SCHEMA")) {
            schema(object);
            return true;
        }
        if (!object.isRelation()) {
            return rights.isSuperuser(user);
        }
        if (object.action().equals("CREATE")) {
            create(object);
        } else {
            change(object);
        }
        return true;
    }

    private void requireCreateDatabase(ObjectStatement object) {
        var me = directory.known().user(user);
        var may = me.filter(one -> one.superuser()
                        || (one.createDatabase() && object.action().equals("CREATE")))
                .isPresent();
        if (!may) {
            throw SqlFailure.of(
                    SqlState.INSUFFICIENT_PRIVILEGE,
                    "permission denied to %s database".formatted(object.action().toLowerCase(java.util.Locale.ROOT)));
        }
    }

    private void schema(ObjectStatement object) throws SQLException {
        for (var name : object.names()) {
            if (object.action().equals("CREATE")) {
                createSchema(object, name);
                continue;
            }
            if (object.action().equals("DROP") && !exists(name)) {
                continue; // the engine says so
            }
            var schema = relations.requireSchema(name);
            relations.requireChangeable(schema.database());
            if (!rights.owns(user, schema)) {
                throw schema.notOwner();
            }
            owner(object);
        }
    }

    private boolean exists(List<String> schema) throws SQLException {
        try {
            relations.requireSchema(schema);
            return true;
        } catch (SqlFailure e) {
            if (e.report().sqlState().equals(SqlState.INVALID_SCHEMA_NAME)) {
                return false;
            }
            throw e;
        }
    }

    private void createSchema(ObjectStatement object, List<String> name) throws SQLException {
        var database = relations.database(name);
        if (!relations.isOrdinary(database, name.getLast())) {
            throw SqlFailure.of(
                    SqlState.INSUFFICIENT_PRIVILEGE,
                    "permission denied: schema %s is reserved".formatted(name.getLast()));
        }
        relations.requireChangeable(database);
        rights.require(user, Target.database(database), Privilege.CREATE);
        if (!object.ifNotExists() && exists(name)) {
            throw SqlFailure.of(SqlState.DUPLICATE_SCHEMA, "schema \"%s\" already exists".formatted(name.getLast()));
        }
        owner(object);
    }

    /** Only superusers give what is theirs to others. */
    private void owner(ObjectStatement object) throws SQLException {
        var name = object.newOwner();
        if (name != null && directory.requireUser(name).id() != user && !rights.isSuperuser(user)) {
            throw SqlFailure.of(
                    SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: must be superuser to give an object away");
        }
    }

    private void create(ObjectStatement object) throws SQLException {
        for (var like : object.likes()) {
            requireAll(like, Privilege.SELECT);
        }
        var path = object.names().getFirst();
        if (relations.isSystemName(path.getLast())) {
            throw SqlFailure.of(
                    SqlState.INSUFFICIENT_PRIVILEGE,
                    "permission denied: \"%s\" is the name of a system catalog".formatted(path.getLast()));
        }
        var place = object.temporary() ? relations.temporary(path.getLast()) : relations.place(path);
        requireReferences(object, place);
        if (object.temporary()) {
            rights.require(user, Target.database(relations.database(List.of(path.getLast()))), Privilege.TEMP);
            return;
        }
        relations.requireChangeable(place.database());
        rights.require(user, place.itsSchema(), Privilege.USAGE);
        rights.require(user, place.itsSchema(), Privilege.CREATE);
        if (relations.isThere(place)) {
            if (object.replaces() && !rights.owns(user, place)) {
                throw place.notOwner();
            }
            if (!object.replaces() && !object.ifNotExists()) {
                throw duplicate(place);
            }
        }
    }

    /** Of foreign keys; a table may refer to itself, also before it is there. */
    private void requireReferences(ObjectStatement object, Target table) throws SQLException {
        for (var reference : object.references()) {
            if (!table.isNamed(reference)) {
                requireAll(reference, Privilege.REFERENCES);
            }
        }
    }

    /** Two names that differ in case are one name here, even where the engine sees two. */
    private static SqlFailure duplicate(Target relation) {
        return SqlFailure.of(SqlState.DUPLICATE_TABLE, "relation \"%s\" already exists".formatted(relation.name()));
    }

    private void requireAll(List<String> path, Privilege privilege) throws SQLException {
        for (var relation : relations.require(path)) {
            if (relation.isTemporary() || relation.isForAll()) {
                continue;
            }
            if (relation.isNobodys()) {
                throw relation.target().denied();
            }
            rights.require(user, relation.target().itsSchema(), Privilege.USAGE);
            rights.require(user, relation.target(), privilege);
        }
    }

    private void change(ObjectStatement object) throws SQLException {
        for (var path : object.names()) {
            var found = object.ifExists() ? relations.find(path, null) : relations.require(path);
            for (var relation : found) {
                if (relation.isTemporary()) {
                    continue;
                }
                if (relation.isNobodys()) {
                    throw SqlFailure.of(
                            SqlState.INSUFFICIENT_PRIVILEGE,
                            "permission denied: \"%s\" is a system catalog".formatted(relation.name()));
                }
                var target = relation.target();
                relations.requireChangeable(target.database());
                rights.require(user, target.itsSchema(), Privilege.USAGE);
                var privilege = object.action().equals("DROP") ? Privilege.DROP : Privilege.ALTER;
                var mayByOwner = object.action().equals("DROP") && rights.owns(user, target.itsSchema());
                var byPrivilege = object.newOwner() == null && rights.has(user, target, privilege);
                if (!rights.owns(user, target) && !mayByOwner && !byPrivilege) {
                    throw target.notOwner();
                }
                if (object.change() instanceof ObjectStatement.Rename(var name) && relations.isSystemName(name)) {
                    throw SqlFailure.of(
                            SqlState.INSUFFICIENT_PRIVILEGE,
                            "permission denied: \"%s\" is the name of a system catalog".formatted(name));
                }
                if (object.change() instanceof ObjectStatement.Rename(var name)) {
                    var renamed = Target.relation(target.database(), target.schema(), name);
                    if (relations.isThere(renamed)) {
                        throw duplicate(renamed);
                    }
                }
                requireReferences(object, target);
                owner(object);
            }
        }
    }

    /** The objects that a statement is about: those that are there, and where a new one will be. */
    List<Target> targets(ObjectStatement object) throws SQLException {
        var targets = new ArrayList<Target>();
        for (var path : object.names()) {
            if (object.kind().equals("SCHEMA")) {
                if (!(object.action().equals("CREATE") && exists(path))) {
                    targets.add(Target.schema(relations.database(path), path.getLast()));
                }
            } else if (object.action().equals("CREATE")) {
                if (!object.temporary()) {
                    var place = relations.place(path);
                    if (!(object.ifNotExists() && relations.isThere(place))) {
                        targets.add(place);
                    }
                }
            } else {
                relations.find(path, null).stream()
                        .filter(relation -> !relation.isTemporary())
                        .forEach(relation -> targets.add(relation.target()));
            }
        }
        return targets;
    }

    /** Writes down what a statement has done to its objects. */
    void after(ObjectStatement object, List<Target> targets) throws SQLException {
        for (var target : targets) {
            switch (object.action()) {
                case "CREATE" -> created(object, target);
                case "DROP" -> tables.forget(target);
                default -> altered(object.change(), target);
            }
        }
        if (!object.action().equals("CREATE")) {
            for (var database :
                    targets.stream().map(Target::database).distinct().toList()) {
                tables.sweep(database);
            }
        }
    }

    private void created(ObjectStatement object, Target target) throws SQLException {
        var owner = object.newOwner() == null
                ? user
                : directory.requireUser(object.newOwner()).id();
        var replaced = object.replaces() ? tables.entries(target) : List.<PrivilegeTables.Entry>of();
        tables.forget(target);
        tables.own(target, owner);
        if (target.kind() == Target.Kind.RELATION) {
            for (var entry : object.kind().equals("VIEW") ? replaced : List.<PrivilegeTables.Entry>of()) {
                tables.add(target, entry);
            }
            for (var entry : tables.defaults(target, owner)) {
                tables.add(target, entry);
            }
        }
    }

    private void altered(ObjectStatement.Change change, Target target) throws SQLException {
        switch (change) {
            case ObjectStatement.Rename(var name) -> tables.rename(target, name);
            case ObjectStatement.RenameColumn(var column, var name) -> tables.renameColumn(target, column, name);
            case ObjectStatement.DropColumn(var column) -> tables.forgetColumn(target, column);
            case ObjectStatement.Owner(var name) ->
                tables.own(target, directory.requireUser(name).id());
            case ObjectStatement.Other() -> {}
        }
    }
}
