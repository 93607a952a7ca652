package dev.groundplane.warehouse.sql;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statements about users, groups and roles. Source: Redshift's "CREATE USER" and the like. */
public sealed interface UserCommand {
    /** What CommandComplete says. */
    String tag();

    /**
     * What is said about a user; null for what is not said.
     *
     * @param password the password itself, or empty for one that is taken away
     * @param validUntil as written, {@code infinity} for always
     * @param connectionLimit -1 for none
     * @param sessionTimeout in seconds; 0 for none
     */
    record Options(
            @Nullable String password,
            @Nullable Boolean createDatabase,
            @Nullable Boolean superuser,
            @Nullable String validUntil,
            @Nullable Integer connectionLimit,
            @Nullable Integer sessionTimeout) {
        /** Keeps the password out of log lines. */
        @Override
        public String toString() {
            return "Options[superuser=" + superuser + "]";
        }
    }

    /** @param groups that the user joins */
    record CreateUser(String name, Options options, List<String> groups) implements UserCommand {
        @Override
        public String tag() {
            return "CREATE USER";
        }
    }

    /** @param newName null to keep the name */
    record AlterUser(String name, Options options, @Nullable String newName) implements UserCommand {
        @Override
        public String tag() {
            return "ALTER USER";
        }
    }

    /** Removes users. */
    record DropUsers(List<String> names, boolean ifExists) implements UserCommand {
        @Override
        public String tag() {
            return "DROP USER";
        }
    }

    /** Makes a group of users. */
    record CreateGroup(String name, List<String> users) implements UserCommand {
        @Override
        public String tag() {
            return "CREATE GROUP";
        }
    }

    /** @param newName null to keep the name */
    record AlterGroup(
            String name,
            List<String> added,
            List<String> dropped,
            @Nullable String newName) implements UserCommand {
        @Override
        public String tag() {
            return "ALTER GROUP";
        }
    }

    /** Removes a group. */
    record DropGroup(String name) implements UserCommand {
        @Override
        public String tag() {
            return "DROP GROUP";
        }
    }

    /** Makes a role. */
    record CreateRole(String name) implements UserCommand {
        @Override
        public String tag() {
            return "CREATE ROLE";
        }
    }

    /** Gives a role another name. */
    record RenameRole(String name, String newName) implements UserCommand {
        @Override
        public String tag() {
            return "ALTER ROLE";
        }
    }

    /** @param force whether those who have the role lose it */
    record DropRole(String name, boolean force) implements UserCommand {
        @Override
        public String tag() {
            return "DROP ROLE";
        }
    }

    /** @param grants false for REVOKE */
    record GrantRoles(boolean grants, List<String> roles, List<Grantee> grantees) implements UserCommand {
        @Override
        public String tag() {
            return grants ? "GRANT" : "REVOKE";
        }
    }

    /**
     * The command that a statement is; empty when it is another statement.
     *
     * @throws SqlFailure when it begins like one and is none, or has an option that is not supported
     */
    static Optional<UserCommand> of(Statement statement) {
        return new UserCommandParser(statement).command();
    }
}
