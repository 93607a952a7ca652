package dev.groundplane.warehouse.access;

import dev.groundplane.pgwire.ScramVerifier;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.access.PrincipalStore.Change;
import dev.groundplane.warehouse.access.Principals.Group;
import dev.groundplane.warehouse.access.Principals.Role;
import dev.groundplane.warehouse.access.Principals.User;
import dev.groundplane.warehouse.sql.Grantee;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.UserCommand;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Carries out commands about users, groups and roles, by changes of what the control plane keeps. Made for one command. */
final class UserChanges {
    /** As PostgreSQL's. */
    private static final int ITERATIONS = 4096;

    private static final int SALT_BYTES = 16;
    private static final Pattern IAM = Pattern.compile("IAMR?:.+");
    private static final Set<String> RESERVED =
            Set.of("public", "rdsdb", "session_user", "current_user", "user", "none");

    private final Directory directory;
    private final PrivilegeTables tables;
    private final List<String> databases;
    private final User by;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param databases of the namespace
     * @param by who carries it out
     */
    UserChanges(Directory directory, PrivilegeTables tables, List<String> databases, User by) {
        this.directory = directory;
        this.tables = tables;
        this.databases = databases;
        this.by = by;
    }

    void run(UserCommand command) throws SQLException {
        requireMay(command);
        switch (command) {
            case UserCommand.DropUsers(var names, var ifExists) -> requireFreeUsers(names, ifExists);
            case UserCommand.DropGroup(var name) ->
                requireFree(
                        Grantee.Kind.GROUP,
                        name,
                        directory.refresh().group(name).map(Group::id));
            case UserCommand.DropRole(var name, var force) ->
                requireFree(
                        Grantee.Kind.ROLE, name, directory.refresh().role(name).map(Role::id));
            default -> {}
        }
        directory.change(by.name(), command.tag(), now -> changes(command, now));
    }

    /** Superusers may do all, others change their own password. */
    private void requireMay(UserCommand command) {
        var own = command instanceof UserCommand.AlterUser(var name, var options, var newName)
                && name.equals(by.name())
                && newName == null
                && options.superuser() == null
                && options.createDatabase() == null
                && options.validUntil() == null
                && options.connectionLimit() == null
                && options.sessionTimeout() == null;
        if (!by.superuser() && !own) {
            throw SqlFailure.of(
                    SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: must be superuser for " + command.tag());
        }
    }

    private void requireFreeUsers(List<String> names, boolean ifExists) throws SQLException {
        var now = directory.refresh();
        for (var name : names) {
            if (name.equals(by.name())) {
                throw SqlFailure.of(SqlState.OBJECT_IN_USE, "current user cannot be dropped");
            }
            if (now.user(name).isPresent() || !ifExists) {
                requireFree(Grantee.Kind.USER, name, now.user(name).map(User::id));
            }
        }
    }

    private void requireFree(Grantee.Kind kind, String name, Optional<Integer> id) throws SQLException {
        var known = id.orElseThrow(() -> Directory.missing(kind.word(), name));
        for (var database : databases) {
            var tie = tables.ties(database, kind, known);
            if (!tie.isEmpty()) {
                throw SqlFailure.of(
                        SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
                        "%s \"%s\" cannot be dropped because the %1$s %s".formatted(kind.word(), name, tie));
            }
        }
    }

    private List<Change> changes(UserCommand command, Principals now) {
        return switch (command) {
            case UserCommand.CreateUser create -> createUser(create, now);
            case UserCommand.AlterUser alter -> List.of(alterUser(alter, now));
            case UserCommand.DropUsers(var names, var ifExists) -> dropUsers(names, now);
            case UserCommand.CreateGroup(var name, var users) -> {
                requireNew(name, now.group(name).isPresent(), "group");
                yield List.of(new Change.PutGroup(new Group(0, name, ids(users, now))));
            }
            case UserCommand.AlterGroup alter -> List.of(alterGroup(alter, now));
            case UserCommand.DropGroup(var name) ->
                List.of(new Change.Remove(Grantee.Kind.GROUP, group(name, now).id()));
            case UserCommand.CreateRole(var name) -> {
                requireNew(name, now.role(name).isPresent(), "role");
                if (name.startsWith("sys:")) {
                    throw SqlFailure.unsupported("a role of the system, " + name);
                }
                yield List.of(new Change.PutRole(new Role(0, name, List.of(), List.of())));
            }
            case UserCommand.RenameRole(var name, var newName) -> {
                requireNew(newName, now.role(newName).isPresent(), "role");
                var role = role(name, now);
                yield List.of(new Change.PutRole(new Role(role.id(), newName, role.users(), role.roles())));
            }
            case UserCommand.DropRole(var name, var force) -> dropRole(role(name, now), force, now);
            case UserCommand.GrantRoles grant -> grantRoles(grant, now);
        };
    }

    private List<Change> createUser(UserCommand.CreateUser command, Principals now) {
        var name = command.name();
        requireNew(name, now.user(name).isPresent(), "user");
        var options = command.options();
        if (options.password() == null) {
            throw SqlFailure.of(SqlState.SYNTAX_ERROR, "CREATE USER needs PASSWORD '…' or PASSWORD DISABLE");
        }
        requireOfIam(name, options.password());
        var user = new User(
                0,
                name,
                Objects.requireNonNullElse(options.superuser(), false),
                Objects.requireNonNullElse(options.createDatabase(), false),
                ValidUntil.checked(Objects.requireNonNullElse(options.validUntil(), ValidUntil.ALWAYS)),
                Objects.requireNonNullElse(options.connectionLimit(), -1),
                Objects.requireNonNullElse(options.sessionTimeout(), 0));
        var changes = new ArrayList<Change>();
        changes.add(new Change.PutUser(user, verifier(options.password())));
        if (!command.groups().isEmpty()) {
            throw SqlFailure.unsupported("CREATE USER … IN GROUP: use ALTER GROUP … ADD USER; it");
        }
        return changes;
    }

    private Change alterUser(UserCommand.AlterUser command, Principals now) {
        var old = now.user(command.name()).orElseThrow(() -> Directory.missing("user", command.name()));
        if (old.id() == Principals.ADMINISTRATOR) {
            throw SqlFailure.of(
                    SqlState.INSUFFICIENT_PRIVILEGE,
                    "the administrator \"%s\" is changed by aws redshift-serverless update-namespace"
                            .formatted(old.name()));
        }
        var options = command.options();
        var name = Objects.requireNonNullElse(command.newName(), old.name());
        if (!name.equals(old.name())) {
            requireNew(name, now.user(name).isPresent(), "user");
            if (IAM.matcher(name).matches() || IAM.matcher(old.name()).matches()) {
                throw SqlFailure.unsupported("another name for a user of IAM's");
            }
        }
        requireOfIam(name, Objects.requireNonNullElse(options.password(), ""));
        var user = new User(
                old.id(),
                name,
                Objects.requireNonNullElse(options.superuser(), old.superuser()),
                Objects.requireNonNullElse(options.createDatabase(), old.createDatabase()),
                ValidUntil.checked(Objects.requireNonNullElse(options.validUntil(), old.validUntil())),
                Objects.requireNonNullElse(options.connectionLimit(), old.connectionLimit()),
                Objects.requireNonNullElse(options.sessionTimeout(), old.sessionTimeout()));
        return new Change.PutUser(user, options.password() == null ? null : verifier(options.password()));
    }

    /** IAM's principals log in with what IAM gives them. */
    private static void requireOfIam(String name, String password) {
        if (IAM.matcher(name).matches() && !password.isEmpty()) {
            throw SqlFailure.of(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "user \"%s\" is IAM's and has temporary passwords only: use PASSWORD DISABLE".formatted(name));
        }
    }

    private @Nullable String verifier(String password) {
        if (password.isEmpty()) {
            return "";
        }
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return ScramVerifier.of(password, salt, ITERATIONS).toString();
    }

    private static void requireNew(String name, boolean taken, String what) {
        if (taken) {
            throw SqlFailure.of(SqlState.DUPLICATE_OBJECT, "%s \"%s\" already exists".formatted(what, name));
        }
        if (RESERVED.contains(name) || name.isEmpty() || name.length() > 127) {
            throw SqlFailure.of(
                    SqlState.RESERVED_NAME,
                    "%s name \"%s\" is reserved, empty or longer than 127".formatted(what, name));
        }
    }

    private static List<Change> dropUsers(List<String> names, Principals now) {
        var changes = new ArrayList<Change>();
        for (var name : names) {
            var user = now.user(name);
            if (user.isEmpty()) {
                continue;
            }
            var id = user.get().id();
            if (id == Principals.ADMINISTRATOR) {
                throw SqlFailure.of(SqlState.INSUFFICIENT_PRIVILEGE, "the administrator cannot be dropped");
            }
            changes.add(new Change.Remove(Grantee.Kind.USER, id));
            now.groups().stream()
                    .filter(group -> group.members().contains(id))
                    .forEach(group -> changes.add(
                            new Change.PutGroup(new Group(group.id(), group.name(), without(group.members(), id)))));
            now.roles().stream()
                    .filter(role -> role.users().contains(id))
                    .forEach(role -> changes.add(new Change.PutRole(
                            new Role(role.id(), role.name(), without(role.users(), id), role.roles()))));
        }
        return changes;
    }

    private static Change alterGroup(UserCommand.AlterGroup command, Principals now) {
        var group = group(command.name(), now);
        var members = new ArrayList<>(group.members());
        members.removeAll(ids(command.dropped(), now));
        for (var id : ids(command.added(), now)) {
            if (!members.contains(id)) {
                members.add(id);
            }
        }
        var name = Objects.requireNonNullElse(command.newName(), group.name());
        if (!name.equals(group.name())) {
            requireNew(name, now.group(name).isPresent(), "group");
        }
        return new Change.PutGroup(new Group(group.id(), name, members));
    }

    private static List<Change> dropRole(Role role, boolean force, Principals now) {
        var has = now.roles().stream()
                .filter(one -> one.roles().contains(role.id()))
                .toList();
        if (!force && (!role.users().isEmpty() || !role.roles().isEmpty())) {
            throw SqlFailure.of(
                    SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
                    "role \"%s\" cannot be dropped because it is granted to others".formatted(role.name()),
                    "Use DROP ROLE … FORCE.");
        }
        var changes = new ArrayList<Change>();
        changes.add(new Change.Remove(Grantee.Kind.ROLE, role.id()));
        has.forEach(one -> changes.add(
                new Change.PutRole(new Role(one.id(), one.name(), one.users(), without(one.roles(), role.id())))));
        return changes;
    }

    private static List<Change> grantRoles(UserCommand.GrantRoles command, Principals now) {
        var changes = new ArrayList<Change>();
        for (var name : command.roles()) {
            var role = role(name, now);
            var users = new ArrayList<>(role.users());
            var roles = new ArrayList<>(role.roles());
            for (var grantee : command.grantees()) {
                var isUser = grantee.kind() == Grantee.Kind.USER;
                var id = isUser
                        ? ids(List.of(grantee.name()), now).getFirst()
                        : role(grantee.name(), now).id();
                if (!isUser && command.grants() && now.has(role.id(), id)) {
                    throw SqlFailure.of(
                            SqlState.INVALID_GRANT_OPERATION,
                            "role \"%s\" has role \"%s\" already".formatted(name, grantee.name()));
                }
                var holders = isUser ? users : roles;
                holders.removeIf(holder -> holder == id);
                if (command.grants()) {
                    holders.add(id);
                }
            }
            changes.add(new Change.PutRole(new Role(role.id(), role.name(), users, roles)));
        }
        return changes;
    }

    private static List<Integer> without(List<Integer> ids, int id) {
        return ids.stream().filter(one -> one != id).toList();
    }

    private static List<Integer> ids(List<String> users, Principals now) {
        return users.stream()
                .map(name -> now.user(name)
                        .orElseThrow(() -> Directory.missing("user", name))
                        .id())
                .toList();
    }

    private static Group group(String name, Principals now) {
        return now.group(name).orElseThrow(() -> Directory.missing("group", name));
    }

    private static Role role(String name, Principals now) {
        return now.role(name).orElseThrow(() -> Directory.missing("role", name));
    }
}
