package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@link UserCommand}s. For one statement. */
final class UserCommandParser {
    private static final Set<String> KINDS = Set.of("USER", "GROUP", "ROLE");
    private static final Pattern MD5 = Pattern.compile("md5[0-9a-f]{32}");
    private static final Pattern SHA256_DIGEST = Pattern.compile("sha256\\|[0-9a-f]{64}\\|.*");
    private static final int SHORTEST_TIMEOUT = 60;
    private static final int LONGEST_TIMEOUT = 1_728_000; // 20 days
    private static final String SHA256 = "sha256|";

    private final Statement statement;
    private final TokenReader reader;
    private @Nullable String password;
    private @Nullable Boolean createDatabase;
    private @Nullable Boolean superuser;
    private @Nullable String validUntil;
    private @Nullable Integer connectionLimit;
    private @Nullable Integer sessionTimeout;

    UserCommandParser(Statement statement) {
        this.statement = statement;
        this.reader = new TokenReader(statement.tokens());
    }

    Optional<UserCommand> command() {
        var tokens = statement.tokens();
        var kind = tokens.size() < 2 ? "" : tokens.get(1).keyword();
        var verb = statement.verb();
        if (verb.equals("GRANT") || verb.equals("REVOKE")) {
            return kind.equals("ROLE") ? Optional.of(whole(roles(verb.equals("GRANT")))) : Optional.empty();
        }
        if (!KINDS.contains(kind)) {
            return Optional.empty();
        }
        reader.take();
        return switch (verb) {
            case "CREATE" -> Optional.of(whole(create()));
            case "ALTER" -> Optional.of(whole(alter()));
            case "DROP" -> Optional.of(whole(drop()));
            default -> Optional.empty();
        };
    }

    private UserCommand whole(UserCommand command) {
        if (!reader.atEnd()) {
            throw reader.unexpected();
        }
        return command;
    }

    private UserCommand create() {
        if (reader.accept("USER")) {
            var name = reader.principalName();
            reader.accept("WITH");
            var groups = options(true);
            return new UserCommand.CreateUser(name, given(), groups);
        }
        if (reader.accept("GROUP")) {
            var name = reader.principalName();
            var users = reader.accept("WITH", "USER") || reader.accept("USER") ? names() : List.<String>of();
            return new UserCommand.CreateGroup(name, users);
        }
        reader.expect("ROLE");
        var name = reader.principalName();
        if (reader.accept("EXTERNALID")) {
            throw SqlFailure.unsupported("CREATE ROLE … EXTERNALID");
        }
        return new UserCommand.CreateRole(name);
    }

    private UserCommand alter() {
        if (reader.accept("USER")) {
            var name = reader.principalName();
            reader.accept("WITH");
            if (reader.accept("RENAME", "TO")) {
                return new UserCommand.AlterUser(name, given(), reader.principalName());
            }
            options(false);
            return new UserCommand.AlterUser(name, given(), null);
        }
        if (reader.accept("GROUP")) {
            var name = reader.principalName();
            if (reader.accept("RENAME", "TO")) {
                return new UserCommand.AlterGroup(name, List.of(), List.of(), reader.principalName());
            }
            if (reader.accept("ADD", "USER")) {
                return new UserCommand.AlterGroup(name, names(), List.of(), null);
            }
            reader.expect("DROP", "USER");
            return new UserCommand.AlterGroup(name, List.of(), names(), null);
        }
        reader.expect("ROLE");
        var name = reader.principalName();
        if (reader.sees("OWNER") || reader.sees("EXTERNALID")) {
            throw SqlFailure.unsupported("ALTER ROLE … " + reader.take().keyword());
        }
        reader.accept("WITH");
        reader.expect("RENAME", "TO");
        return new UserCommand.RenameRole(name, reader.principalName());
    }

    private UserCommand drop() {
        if (reader.accept("USER")) {
            var ifExists = reader.accept("IF", "EXISTS");
            return new UserCommand.DropUsers(names(), ifExists);
        }
        if (reader.accept("GROUP")) {
            return new UserCommand.DropGroup(reader.principalName());
        }
        reader.expect("ROLE");
        var name = reader.principalName();
        var force = reader.accept("FORCE");
        if (!force) {
            reader.accept("RESTRICT");
        }
        return new UserCommand.DropRole(name, force);
    }

    private UserCommand roles(boolean grants) {
        reader.take();
        var roles = new ArrayList<String>();
        do {
            reader.accept("ROLE");
            roles.add(reader.principalName());
        } while (reader.accept(","));
        reader.expect(grants ? "TO" : "FROM");
        var grantees = new ArrayList<Grantee>();
        do {
            var grantee = Grantee.read(reader);
            if (grantee.kind() != Grantee.Kind.USER && grantee.kind() != Grantee.Kind.ROLE) {
                throw SqlFailure.unsupported("a role of " + grantee.kind());
            }
            grantees.add(grantee);
        } while (reader.accept(","));
        if (reader.sees("WITH", "ADMIN", "OPTION")) {
            throw SqlFailure.unsupported("WITH ADMIN OPTION");
        }
        return new UserCommand.GrantRoles(grants, roles, grantees);
    }

    private List<String> names() {
        var names = new ArrayList<>(List.of(reader.principalName()));
        while (reader.accept(",")) {
            names.add(reader.principalName());
        }
        return names;
    }

    /** @return the groups of {@code IN GROUP} */
    private List<String> options(boolean creates) {
        var groups = new ArrayList<String>();
        while (!reader.atEnd()) {
            if (reader.accept("PASSWORD")) {
                password = password(reader.take());
            } else if (reader.accept("CREATEDB")) {
                createDatabase = true;
            } else if (reader.accept("NOCREATEDB")) {
                createDatabase = false;
            } else if (reader.accept("CREATEUSER")) {
                superuser = true;
            } else if (reader.accept("NOCREATEUSER")) {
                superuser = false;
            } else if (reader.accept("VALID", "UNTIL")) {
                validUntil = text(reader.take());
            } else if (reader.accept("CONNECTION", "LIMIT")) {
                connectionLimit = reader.accept("UNLIMITED") ? -1 : reader.number();
            } else if (creates && reader.accept("IN", "GROUP")) {
                groups.addAll(names());
            } else if (reader.accept("SESSION", "TIMEOUT")) {
                sessionTimeout = sessionTimeout();
            } else if (!creates && reader.accept("RESET", "SESSION", "TIMEOUT")) {
                sessionTimeout = 0;
            } else if (reader.sees("SYSLOG")
                    || reader.sees("EXTERNALID")
                    || reader.sees("RESET")
                    || reader.sees("SET")) {
                throw SqlFailure.unsupported("the user option " + reader.take().keyword());
            } else {
                throw reader.unexpected();
            }
        }
        return groups;
    }

    private UserCommand.Options given() {
        return new UserCommand.Options(
                password, createDatabase, superuser, validUntil, connectionLimit, sessionTimeout);
    }

    private int sessionTimeout() {
        var seconds = reader.number();
        if (seconds < SHORTEST_TIMEOUT || seconds > LONGEST_TIMEOUT) {
            throw SqlFailure.of(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "SESSION TIMEOUT %d must be from %d to %d seconds"
                            .formatted(seconds, SHORTEST_TIMEOUT, LONGEST_TIMEOUT));
        }
        return seconds;
    }

    private static String text(Token token) {
        if (token.kind() != Token.Kind.STRING) {
            throw SqlFailure.syntax("syntax error at or near \"%s\"".formatted(token.text()), token.start());
        }
        return token.string();
    }

    /** The password in clear: what logs in by SCRAM cannot be had from another hash of it. */
    private static String password(Token token) {
        if (token.is("DISABLE")) {
            return "";
        }
        var text = text(token);
        if (MD5.matcher(text).matches() || SHA256_DIGEST.matcher(text).matches()) {
            throw SqlFailure.unsupported(
                    "a password's MD5 or SHA-256 digest: give the password, which is not kept; it");
        }
        var plain = text.startsWith(SHA256) ? text.substring(SHA256.length()) : text;
        if (plain.length() < 8
                || plain.length() > 64
                || plain.chars().noneMatch(c -> c >= 'A' && c <= 'Z')
                || plain.chars().noneMatch(c -> c >= 'a' && c <= 'z')
                || plain.chars().noneMatch(c -> c >= '0' && c <= '9')) {
            throw SqlFailure.of(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "password must have 8 to 64 characters, among them a capital letter, a small letter and a digit");
        }
        return plain;
    }
}
