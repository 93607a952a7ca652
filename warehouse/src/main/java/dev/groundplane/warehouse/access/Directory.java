package dev.groundplane.warehouse.access;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.sql.Grantee;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The namespace's users, groups and roles as this process knows them, for checks and for the engine's system views. Changes go
 * through it; what the control plane changes by itself it sees with the next session. Thread-safe.
 */
public final class Directory {
    private final PrincipalStore store;
    private final Engine engine;
    private volatile Principals known = new Principals(List.of(), List.of(), List.of());

    /** @param engine whose system views will show them */
    public Directory(PrincipalStore store, Engine engine) {
        this.store = store;
        this.engine = engine;
    }

    /** The namespace's databases. */
    List<String> databases() throws SQLException {
        return engine.databases();
    }

    /** As known. */
    Principals known() {
        return known;
    }

    /** Whether a user is a superuser; false when there is none of that id. */
    public boolean isSuperuser(int user) {
        return known.isSuperuser(user);
    }

    /** As they are now. */
    public synchronized Principals refresh() throws SQLException {
        return show(store.read());
    }

    /**
     * Makes changes to what there is now.
     *
     * @param changes made of what there is
     */
    synchronized void change(String by, String event, Function<Principals, List<PrincipalStore.Change>> changes)
            throws SQLException {
        show(store.change(by, event, changes.apply(store.read())));
    }

    /** @throws SqlFailure when there is none */
    Principals.User requireUser(String name) throws SQLException {
        var found = known.user(name)
                .or(() -> Stream.of(store.read())
                        .flatMap(now -> now.user(name).stream())
                        .findFirst());
        if (found.isPresent() && known.user(name).isEmpty()) {
            refresh(); // the control plane made it
        }
        return found.orElseThrow(() -> missing("user", name));
    }

    /**
     * The id of whom a statement names; 0 for PUBLIC.
     *
     * @throws SqlFailure when there is none
     */
    int requireId(Grantee grantee) throws SQLException {
        return switch (grantee.kind()) {
            case USER -> requireUser(grantee.name()).id();
            case GROUP ->
                known.group(grantee.name())
                        .orElseThrow(() -> missing("group", grantee.name()))
                        .id();
            case ROLE ->
                known.role(grantee.name())
                        .orElseThrow(() -> missing("role", grantee.name()))
                        .id();
            case PUBLIC -> 0;
        };
    }

    static SqlFailure missing(String what, String name) {
        return SqlFailure.of(SqlState.UNDEFINED_OBJECT, "%s \"%s\" does not exist".formatted(what, name));
    }

    private Principals show(Principals now) throws SQLException {
        if (now.equals(known)) {
            return now;
        }
        var users = new ArrayList<List<Object>>();
        now.users()
                .forEach(user -> users.add(List.of(
                        user.id(),
                        user.name(),
                        user.superuser(),
                        user.createDatabase(),
                        user.validUntil(),
                        user.connectionLimit(),
                        user.sessionTimeout())));
        var groups = new ArrayList<List<Object>>();
        now.groups().forEach(group -> groups.add(List.of(group.id(), group.name())));
        var members = new ArrayList<List<Object>>();
        now.groups().forEach(group -> group.members().forEach(user -> members.add(List.of(group.id(), user))));
        var roles = new ArrayList<List<Object>>();
        now.roles().forEach(role -> roles.add(List.of(role.id(), role.name())));
        var holders = new ArrayList<List<Object>>();
        now.roles().forEach(role -> {
            role.users().forEach(user -> holders.add(List.of(role.id(), "user", user)));
            role.roles().forEach(other -> holders.add(List.of(role.id(), "role", other)));
        });
        var reach = new ArrayList<List<Object>>();
        now.users().forEach(user -> {
            now.groupsOf(user.id()).forEach(group -> reach.add(List.of(user.id(), "group", group)));
            now.rolesOf(user.id()).forEach(role -> reach.add(List.of(user.id(), "role", role)));
            reach.add(List.of(user.id(), "user", user.id()));
            reach.add(List.of(user.id(), "public", 0));
        });
        engine.showPrincipals(Map.of(
                "users",
                users,
                "groups",
                groups,
                "group_members",
                members,
                "roles",
                roles,
                "role_holders",
                holders,
                "reach",
                reach));
        known = now;
        return now;
    }
}
