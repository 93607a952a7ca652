package dev.groundplane.warehouse.access;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Ddl;
import dev.groundplane.warehouse.sql.DdlParser;
import dev.groundplane.warehouse.sql.EngineSql;
import dev.groundplane.warehouse.sql.GrantCommand;
import dev.groundplane.warehouse.sql.MergeParts;
import dev.groundplane.warehouse.sql.ObjectStatement;
import dev.groundplane.warehouse.sql.Privilege;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.Statement;
import dev.groundplane.warehouse.sql.UserCommand;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the user of one session may do. Every statement is checked before it is carried out; superusers only for what nobody may
 * do. For the session's thread.
 */
public final class Access {
    /** Statements of which it matters which objects they make, change or remove. */
    private static final Set<String> RECORDED = Set.of("CREATE", "ALTER", "DROP", "GRANT", "REVOKE");

    private static final Set<String> QUERIES =
            Set.of("", "SELECT", "WITH", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "MERGE");
    private static final Set<String> MAINTENANCE = Set.of("TRUNCATE", "ANALYZE", "ANALYSE", "VACUUM");

    private final EngineSession engine;
    private final Directory directory;
    private final Relations relations;
    private final PrivilegeTables tables;
    private final String sessionUser;
    private String user;

    /**
     * @param directory of all users
     * @param user who logged in
     */
    public Access(EngineSession engine, Directory directory, String user) throws SQLException {
        this.engine = engine;
        this.directory = directory;
        this.relations = new Relations(engine);
        this.tables = new PrivilegeTables(engine);
        this.sessionUser = user;
        this.user = user;
        become(user);
    }

    /** On whose behalf statements are carried out. */
    public String user() {
        return user;
    }

    /** The id of that user. */
    public int userId() {
        return me().id();
    }

    /** Whether that is a superuser. */
    public boolean isSuperuser() {
        return me().superuser();
    }

    private Principals.User me() {
        return directory.known().user(user).orElseThrow(() -> Directory.missing("user", user));
    }

    /**
     * Acts as another user from now on, as {@code SET SESSION AUTHORIZATION}.
     *
     * @throws SqlFailure when who logged in is not a superuser, or there is no such user
     */
    public void actAs(String other) throws SQLException {
        if (!other.equals(sessionUser) && !directory.requireUser(sessionUser).superuser()) {
            throw SqlFailure.of(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to set session authorization");
        }
        become(other);
    }

    /** Acts as who logged in again. */
    public void actAsMyself() throws SQLException {
        become(sessionUser);
    }

    /** Whether it is who logged in that acts. */
    public boolean isMyself() {
        return user.equals(sessionUser);
    }

    private void become(String other) throws SQLException {
        var found = directory.requireUser(other);
        engine.user(found.id(), found.name(), sessionUser, found.superuser());
        user = other;
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
        SystemNames.refuse(statement);
        if (statement.verb().equals("EXPLAIN")) {
            return check(explained(statement), parameters);
        }
        var object = ObjectStatement.of(statement);
        if (object.isPresent()) {
            var rights = rights();
            return objects(rights).before(object.get())
                    && (isSuperuser() || madeOf(object.get(), queries(rights), parameters));
        }
        if (!QUERIES.contains(statement.verb()) && !MAINTENANCE.contains(statement.verb())) {
            return false;
        }
        if (!isSuperuser()) {
            check(statement, parameters, rights());
        }
        return true;
    }

    /** With ANALYZE the engine carries out whatever follows. */
    private static Statement explained(Statement statement) {
        var explained = statement.explained();
        if (!QUERIES.contains(explained.verb())) {
            throw SqlFailure.unsupported("EXPLAIN of " + explained.verb());
        }
        return explained;
    }

    private static boolean madeOf(ObjectStatement object, QueryCheck queries, List<String> parameters)
            throws SQLException {
        if (object.query().isPresent() && !object.lateBinding()) {
            queries.query(EngineSql.of(object.query().get(), parameters));
        }
        return true;
    }

    private void check(Statement statement, List<String> parameters, Rights rights) throws SQLException {
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
        }
    }

    /**
     * For other commands that carry out a query, as UNLOAD does.
     *
     * @throws SqlFailure when the user may not read what it reads
     */
    public void requireQuery(Statement query) throws SQLException {
        SystemNames.refuse(query);
        if (!isSuperuser()) {
            queries(rights()).query(EngineSql.of(query, List.of()));
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
