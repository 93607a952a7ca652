package dev.groundplane.warehouse.access;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.access.Relations.Relation;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Privilege;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/** Checks of a user's queries and changes. Made for one statement. */
final class QueryCheck {
    /** Of views upon views. */
    private static final int DEEPEST = 32;

    private final EngineSession engine;
    private final Relations relations;
    private final Rights rights;
    private final int caller;

    /** @param caller the user's id */
    QueryCheck(EngineSession engine, Relations relations, Rights rights, int caller) {
        this.engine = engine;
        this.relations = relations;
        this.rights = rights;
        this.caller = caller;
    }

    /** @param query in the engine's SQL */
    void query(String query) throws SQLException {
        check(QueryTree.ofQuery(engine, query));
    }

    /** @param change an INSERT, UPDATE or DELETE in the engine's SQL */
    void change(String change) throws SQLException {
        check(QueryTree.ofChange(engine, change));
    }

    /**
     * For those who may read everything: that what nobody may change stays as it is.
     *
     * @param statement in the engine's SQL
     */
    void requireOrdinaryChanges(String statement) throws SQLException {
        for (var write : QueryTree.lenient(engine, statement).writes) {
            for (var relation : relations.require(write.path())) {
                if (!relation.isTemporary() && relation.isNobodys()) {
                    throw relation.target().denied();
                }
                relations.requireChangeable(relation.database());
            }
        }
    }

    /**
     * That a definition's query changes nothing.
     *
     * @param query in the engine's SQL
     */
    void requireUnchanging(String query) throws SQLException {
        if (!QueryTree.lenient(engine, query).writes.isEmpty()) {
            throw SqlFailure.of(SqlState.SYNTAX_ERROR, "a query that something is made of cannot change a table");
        }
    }

    /** That a materialized view's owner may read what it is made of; nothing for other relations. */
    void refresh(Relation relation) throws SQLException {
        var query = relations.keptQuery(relation);
        if (query.isPresent()) {
            var made = new Relation(relation.database(), relation.schema(), relation.name(), query.get());
            view(rights.owner(relation.target()), made, 0);
        }
    }

    private void check(Reading reading) throws SQLException {
        for (var write : reading.writes) {
            for (var relation : relations.require(write.path())) {
                write(relation, write);
            }
        }
        for (var source : reading.sources) {
            for (var relation : relations.require(source.path())) {
                read(caller, relation, source, reading, 0);
            }
        }
    }

    private void write(Relation relation, Reading.Write write) throws SQLException {
        if (relation.isTemporary()) {
            return;
        }
        var target = requireReachable(caller, relation);
        relations.requireChangeable(relation.database());
        if (rights.has(caller, target, write.privilege())) {
            return;
        }
        if (write.columns().isEmpty()
                || !rights.columns(caller, target, write.privilege()).containsAll(write.columns())) {
            throw target.denied();
        }
    }

    private void read(int user, Relation relation, Reading.Source source, Reading reading, int depth)
            throws SQLException {
        if (relation.isForAll()) {
            return;
        }
        if (relation.isTemporary()) {
            view(caller, relation, depth); // the session's own, wherever it is named
            return;
        }
        if (!rights.isSuperuser(user)) {
            var target = requireReachable(user, relation);
            if (!rights.has(user, target, Privilege.SELECT)) {
                requireColumns(user, relation, source, reading);
            }
        }
        view(relation.isNobodys() ? user : rights.owner(relation.target()), relation, depth);
    }

    private Target requireReachable(int user, Relation relation) throws SQLException {
        if (relation.isNobodys()) {
            throw relation.target().denied();
        }
        rights.require(user, relation.target().itsSchema(), Privilege.USAGE);
        return relation.target();
    }

    /** All columns that the statement may read are among those that the user may. */
    private void requireColumns(int user, Relation relation, Reading.Source source, Reading reading)
            throws SQLException {
        var allowed = rights.columns(user, relation.target(), Privilege.SELECT);
        var others = new HashSet<>(relations.columns(relation));
        others.removeAll(allowed);
        if (allowed.isEmpty()
                || reading.star
                || source.renamed()
                || intersects(others, reading.columns)
                || intersects(source.aliases(), reading.lastParts)) {
            throw relation.target().denied();
        }
    }

    private static boolean intersects(Set<String> one, Set<String> other) {
        return one.stream().anyMatch(other::contains);
    }

    /** A view reads what its owner may read. The caller's own tables may be among it: names are looked for when it is used. */
    private void view(int owner, Relation relation, int depth) throws SQLException {
        if (relation.view() == null || relation.database().equals(Relations.ENGINE)) {
            return;
        }
        if (depth == DEEPEST) {
            throw SqlFailure.of(
                    SqlState.INSUFFICIENT_PRIVILEGE,
                    "permission denied: views upon more than %d views".formatted(DEEPEST));
        }
        var reading = QueryTree.ofQuery(engine, relation.view());
        for (var source : reading.sources) {
            for (var one : relations.requireIn(relation, source.path())) {
                read(owner, one, source, reading, depth + 1);
            }
        }
        if (!reading.writes.isEmpty()) {
            throw relation.target().denied();
        }
    }
}
