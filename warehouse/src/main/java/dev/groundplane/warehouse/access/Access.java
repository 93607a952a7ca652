package dev.groundplane.warehouse.access;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Ddl;
import dev.groundplane.warehouse.sql.DdlParser;
import dev.groundplane.warehouse.sql.EngineSql;
import dev.groundplane.warehouse.sql.GrantCommand;
import dev.groundplane.warehouse.sql.Grantee;
import dev.groundplane.warehouse.sql.MergeParts;
import dev.groundplane.warehouse.sql.ObjectStatement;
import dev.groundplane.warehouse.sql.PolicyCommand;
import dev.groundplane.warehouse.sql.Privilege;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.Statement;
import dev.groundplane.warehouse.sql.UserCommand;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the user of one session may do. Every statement is checked before it is carried out; superusers only for what nobody may
 * do. For the session's thread.
 */
public final class Access {
    private static final Logger log = LoggerFactory.getLogger(Access.class);
    /** Statements of which it matters which objects they make, change or remove. */
    private static final Set<String> RECORDED = Set.of("CREATE", "ALTER", "DROP", "GRANT", "REVOKE");

    private static final Set<String> QUERIES =
            Set.of("", "SELECT", "WITH", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "MERGE");
    private static final Set<String> MAINTENANCE = Set.of("TRUNCATE", "ANALYZE", "ANALYSE", "VACUUM");

    private final EngineSession engine;
    private final Directory directory;
    private final Relations relations;
    private final PrivilegeTables tables;
    private final Policies policies;
    /** The id of who logged in: a name may be another one's by and by. */
    private final int sessionUser;

    private int user;
    /** As the engine was told. */
    private String name = "";

    /** Whether the engine still works for another one, because its transaction had failed when it was to be told of this one. */
    private boolean lent;

    /**
     * @param directory of all users
     * @param user the id of who logged in
     */
    public Access(EngineSession engine, Directory directory, int user) throws SQLException {
        this.engine = engine;
        this.directory = directory;
        this.relations = new Relations(engine);
        this.tables = new PrivilegeTables(engine);
        this.policies = new Policies(engine, relations, directory);
        this.sessionUser = user;
        this.user = user;
        become(user);
    }

    /** On whose behalf statements are carried out; the last name of a user who is no more. */
    public String user() {
        return name;
    }

    /** The id of that user. */
    public int userId() {
        return user;
    }

    /** After how long a session of that user's ends when it is idle; zero for never. */
    public Duration sessionTimeout() {
        return Duration.ofSeconds(me().sessionTimeout());
    }

    /** Whether that is a superuser. */
    public boolean isSuperuser() {
        return me().superuser();
    }

    private Principals.User me() {
        return directory.known().user(user).orElseThrow(() -> Directory.missing("user", name));
    }

    /**
     * Acts as another user from now on, as {@code SET SESSION AUTHORIZATION}.
     *
     * @throws SqlFailure when who logged in is not a superuser, or there is no such user
     */
    public void actAs(String other) throws SQLException {
        var found = directory.requireUser(other);
        if (found.id() != sessionUser && !directory.isSuperuser(sessionUser)) {
            throw SqlFailure.of(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to set session authorization");
        }
        become(found.id());
    }

    /** Acts as who logged in again. */
    public void actAsMyself() throws SQLException {
        become(sessionUser);
    }

    /** Whether it is who logged in that acts. */
    public boolean isMyself() {
        return user == sessionUser;
    }

    private void become(int other) throws SQLException {
        var known = directory.known();
        var found = known.user(other).orElseThrow(() -> Directory.missing("user", name));
        engine.user(other, found.name(), known.name(Grantee.Kind.USER, sessionUser));
        user = other;
        name = found.name();
        lent = false;
    }

    private Rights rights() {
        return new Rights(directory.known(), tables);
    }

    private QueryCheck queries(Rights rights) {
        return new QueryCheck(engine, relations, rights, me().id());
    }

    private ObjectCheck objects(Rights rights) {
        return new ObjectCheck(relations, tables, rights, directory, me().id());
    }

    /**
     * Whether a statement changes what there is to have privileges on, or those: it is one transaction with what {@link #done}
     * writes down.
     */
    public static boolean isRecorded(Statement statement) {
        return RECORDED.contains(statement.verb())
                && UserCommand.of(statement).isEmpty()
                && ObjectStatement.of(statement)
                        .filter(object -> object.kind().equals("DATABASE")) // made outside of any transaction
                        .isEmpty();
    }

    /**
     * Checks a statement for the engine, or one about objects whoever carries it out.
     *
     * @param parameters literals of the engine
     * @return whether it is such a statement; others have to ask for themselves
     * @throws SqlFailure when the user may not carry it out
     */
    public boolean check(Statement statement, List<String> parameters) throws SQLException {
        if (lent || !me().name().equals(name)) {
            become(user);
        }
        SystemNames.refuse(statement);
        if (statement.verb().equals("EXPLAIN")) {
            return check(explained(statement), parameters);
        }
        var object = ObjectStatement.of(statement);
        if (object.isPresent()) {
            var rights = rights();
            policies.dependencies().requireUnneeded(object.get());
            return objects(rights).before(object.get()) && madeOf(object.get(), queries(rights), parameters);
        }
        if (!QUERIES.contains(statement.verb()) && !MAINTENANCE.contains(statement.verb())) {
            return false;
        }
        check(statement, parameters, rights());
        return true;
    }

    /**
     * A statement for the engine that reads and changes what policies show its user, and nothing else.
     *
     * @param sql the statement in the engine's SQL
     * @return another one in its place, or the same where no policy holds
     * @throws SqlFailure when there is none for such a statement
     */
    public String guarded(Statement statement, List<String> parameters, String sql) throws SQLException {
        return isSuperuser() ? sql : policies.guarded(user, statement, parameters, sql);
    }

    /**
     * For materialized views.
     *
     * @throws SqlFailure when a query reads tables with policies
     */
    public void requireUnprotected(String query) throws SQLException {
        policies.dependencies().requireUnprotected(query, null);
    }

    /** Carries out a command about policies. */
    public void change(PolicyCommand command) throws SQLException {
        requireSuperuser(command.tag());
        policies.change(command, user);
    }

    /** With ANALYZE the engine carries out whatever follows. */
    private static Statement explained(Statement statement) {
        var explained = statement.explained();
        if (!QUERIES.contains(explained.verb())) {
            throw SqlFailure.unsupported("EXPLAIN of " + explained.verb());
        }
        return explained;
    }

    private boolean madeOf(ObjectStatement object, QueryCheck queries, List<String> parameters) throws SQLException {
        if (object.query().isEmpty()) {
            return true;
        }
        var query = EngineSql.of(object.query().get(), parameters);
        if (object.query().get().mayChange()) {
            queries.requireUnchanging(query);
        }
        if (!isSuperuser() && !object.lateBinding()) {
            queries.query(query);
        }
        return true;
    }

    private void check(Statement statement, List<String> parameters, Rights rights) throws SQLException {
        if (isSuperuser()) {
            if (QUERIES.contains(statement.verb()) && statement.mayChange()) {
                checkChanges(statement, parameters, queries(rights));
            } else if (MAINTENANCE.contains(statement.verb())) {
                maintain(DdlParser.of(statement).orElseThrow(), rights);
            }
            return;
        }
        switch (statement.verb()) {
            case "", "SELECT", "WITH", "VALUES", "TABLE" -> queries(rights).query(EngineSql.of(statement, parameters));
            case "INSERT", "UPDATE", "DELETE" -> queries(rights).change(EngineSql.of(statement, parameters));
            case "MERGE" -> {
                for (var part : MergeParts.of(statement, parameters)) {
                    queries(rights).change(part);
                }
            }
            default -> maintain(DdlParser.of(statement).orElseThrow(), rights);
        }
    }

    /** What nobody may change is not changed by superusers either. */
    private static void checkChanges(Statement statement, List<String> parameters, QueryCheck queries)
            throws SQLException {
        var sql = EngineSql.of(statement, parameters); // says what of it there is not
        if (statement.verb().equals("MERGE")) {
            for (var part : MergeParts.of(statement, parameters)) {
                queries.requireOrdinaryChanges(part);
            }
        } else {
            queries.requireOrdinaryChanges(sql);
        }
    }

    private void maintain(Ddl maintenance, Rights rights) throws SQLException {
        var name = switch (maintenance) {
            case Ddl.Truncate(var table) -> table;
            case Ddl.Vacuum(var table) -> table;
            case Ddl.Analyze(var table, var columns) -> table;
            default -> throw new IllegalStateException("no maintenance: " + maintenance);
        };
        if (name.isEmpty()) {
            return; // each table is as before to whoever looks at it
        }
        for (var relation : relations.require(name)) {
            if (relation.isTemporary()) {
                continue;
            }
            if (relation.isNobodys()) {
                throw relation.target().denied();
            }
            if (maintenance instanceof Ddl.Truncate) {
                relations.requireChangeable(relation.database());
                rights.require(me().id(), relation.target().itsSchema(), Privilege.USAGE);
                rights.require(me().id(), relation.target(), Privilege.TRUNCATE);
            } else if (!rights.owns(me().id(), relation.target())) {
                throw relation.target().notOwner();
            }
        }
    }

    /**
     * Writes down what a statement about objects has made, changed or removed, in its transaction.
     *
     * @param before what {@link #before} gave
     */
    public void done(Statement statement, Recorded before) throws SQLException {
        if (before.object().isPresent()) {
            objects(rights()).after(before.object().get(), before.targets());
        }
    }

    /**
     * What a statement is about, as it is before it is carried out.
     *
     * @param object empty when it is about none
     * @param targets the relations and schemas that it names
     */
    public record Recorded(Optional<ObjectStatement> object, List<Target> targets) {}

    /** Finds what a statement is about. */
    public Recorded before(Statement statement) throws SQLException {
        var object = ObjectStatement.of(statement);
        return new Recorded(
                object, object.isPresent() ? List.copyOf(objects(rights()).targets(object.get())) : List.of());
    }

    /** Carries out {@code GRANT}, {@code REVOKE} or {@code ALTER DEFAULT PRIVILEGES}. */
    public void grant(GrantCommand command) throws SQLException {
        new Granting(relations, tables, rights(), directory, engine.database(), me().id()).run(command);
    }

    /** Carries out a command about users, groups or roles, outside of any transaction. */
    public void change(UserCommand command) throws SQLException {
        new UserChanges(directory, tables, directory.databases(), me()).run(command);
        become(directory.known().user(user).isPresent() ? user : sessionUser);
    }

    /**
     * For other commands that read or write a table or view.
     *
     * @param path its name with those before it
     * @throws SqlFailure when the user has the privilege not, or there is no such relation
     */
    public void requirePrivilege(Privilege privilege, List<String> path) throws SQLException {
        var rights = rights();
        for (var relation : relations.require(path)) {
            if (relation.isTemporary()) {
                continue;
            }
            if (relation.isNobodys() && !(relation.isForAll() && privilege == Privilege.SELECT)) {
                throw relation.target().denied();
            }
            if (privilege != Privilege.SELECT) {
                relations.requireChangeable(relation.database());
            }
            if (!isSuperuser() && !relation.isForAll()) {
                rights.require(me().id(), relation.target().itsSchema(), Privilege.USAGE);
                rights.require(me().id(), relation.target(), privilege);
            }
        }
    }

    /**
     * For other commands that only the owner of a table or view may carry out.
     *
     * @param path its name with those before it
     * @throws SqlFailure when it is somebody else's, or there is no such relation
     */
    public void requireOwner(List<String> path) throws SQLException {
        var rights = rights();
        for (var relation : relations.require(path)) {
            if (relation.isTemporary()) {
                continue;
            }
            if (relation.isNobodys() || !rights.owns(me().id(), relation.target())) {
                throw relation.target().notOwner();
            }
        }
    }

    /**
     * For {@code REFRESH MATERIALIZED VIEW}, which reads what the view's owner may read now, whoever asks for it.
     *
     * @param path its name with those before it
     * @throws SqlFailure when it is somebody else's, or its owner may not read what it is made of any more
     */
    public void requireRefresh(List<String> path) throws SQLException {
        requireOwner(path);
        var queries = queries(rights());
        for (var relation : relations.require(path)) {
            queries.refresh(relation);
            var query = relations.keptQuery(relation);
            if (query.isPresent()) {
                policies.dependencies().requireUnprotected(query.get(), relation);
            }
        }
    }

    /**
     * Has the engine work for the owner of a materialized view: what its query is told of the user is the owner's, whoever asks.
     *
     * @param path its name with those before it
     */
    public void asOwner(List<String> path, EngineSession.Work work) throws SQLException {
        var known = directory.known();
        for (var relation : relations.require(path)) {
            if (relations.keptQuery(relation).isPresent()) {
                var owner = rights().owner(relation.target());
                lent = true;
                engine.user(owner, known.name(Grantee.Kind.USER, owner), known.name(Grantee.Kind.USER, sessionUser));
            }
        }
        try {
            work.run();
        } finally {
            takeBack();
        }
    }

    private void takeBack() {
        try {
            become(user);
        } catch (SQLException e) {
            log.debug("the engine's transaction has failed: its user is set when it is over", e);
        }
    }

    /**
     * For other commands that carry out a query, as UNLOAD does.
     *
     * @throws SqlFailure when the user may not read what it reads
     */
    public void requireQuery(Statement query) throws SQLException {
        SystemNames.refuse(query);
        var sql = EngineSql.of(query, List.of());
        var queries = queries(rights());
        if (!isSuperuser()) {
            queries.query(sql);
        } else if (query.mayChange()) {
            queries.requireUnchanging(sql);
        }
    }

    /**
     * For commands that only superusers may carry out.
     *
     * @param what in the error's words
     * @throws SqlFailure when the user is none
     */
    public void requireSuperuser(String what) {
        if (!isSuperuser()) {
            throw SqlFailure.of(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: must be superuser for " + what);
        }
    }
}
