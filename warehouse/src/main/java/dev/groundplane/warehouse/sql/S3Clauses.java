package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@code COPY} and {@code UNLOAD} have in common: who reads or writes S3, and how options are written. For one thread. */
final class S3Clauses {
    private final TokenReader reader;
    private @Nullable Authorization authorization;
    private @Nullable String accessKeyId;
    private @Nullable String secretAccessKey;
    private @Nullable String sessionToken;

    S3Clauses(TokenReader reader) {
        this.reader = reader;
    }

    /** Reads one of the clauses that say who reads or writes S3; false when another one is next. */
    boolean authorization() {
        reader.accept("WITH");
        if (reader.accept("IAM_ROLE")) {
            authorization = reader.accept("DEFAULT") ? role("default") : role(text());
        } else if (reader.accept("CREDENTIALS")) {
            reader.accept("AS");
            authorization = legacy(text());
        } else if (reader.accept("ACCESS_KEY_ID")) {
            accessKeyId = optionText();
        } else if (reader.accept("SECRET_ACCESS_KEY")) {
            secretAccessKey = optionText();
        } else if (reader.accept("SESSION_TOKEN")) {
            sessionToken = optionText();
        } else {
            return false;
        }
        return true;
    }

    private String optionText() {
        reader.accept("AS");
        return text();
    }

    private static Authorization.Role role(String chain) {
        return new Authorization.Role(
                Arrays.stream(chain.split(",")).map(String::strip).toList());
    }

    /** {@code aws_iam_role=…} or {@code aws_access_key_id=…;aws_secret_access_key=…[;token=…]}. */
    private static Authorization legacy(String text) {
        Map<String, String> values = new HashMap<>();
        for (var part : text.split(";")) {
            var equals = part.indexOf('=');
            if (equals > 0) {
                values.put(
                        part.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        part.substring(equals + 1).strip());
            }
        }
        var role = values.get("aws_iam_role");
        if (role != null) {
            return role(role);
        }
        var id = values.get("aws_access_key_id");
        var secret = values.get("aws_secret_access_key");
        if (id == null || secret == null) {
            throw SqlFailure.of(
                    SqlState.INTERNAL_ERROR,
                    "Invalid credentials. Must be of the format: credentials 'aws_iam_role=...' or"
                            + " 'aws_access_key_id=...;aws_secret_access_key=...[;token=...]'");
        }
        return new Authorization.Keys(id, secret, Optional.ofNullable(values.get("token")));
    }

    /** @throws SqlFailure when no clause said who */
    Authorization given() {
        if (authorization != null) {
            return authorization;
        }
        if (accessKeyId != null && secretAccessKey != null) {
            return new Authorization.Keys(accessKeyId, secretAccessKey, Optional.ofNullable(sessionToken));
        }
        throw SqlFailure.of(
                SqlState.INTERNAL_ERROR,
                "No authorization was given; write IAM_ROLE 'arn', IAM_ROLE default, or ACCESS_KEY_ID 'id' SECRET_ACCESS_KEY 'key'");
    }

    /** The next token, a string, where a backslash has no meaning. */
    String text() {
        var token = reader.take();
        if (token.kind() != Token.Kind.STRING) {
            throw SqlFailure.syntax("syntax error at or near \"%s\"".formatted(token.text()), token.start());
        }
        return token.text().startsWith("'")
                ? token.text().substring(1, token.text().length() - 1).replace("''", "'")
                : token.string();
    }

    /** Where in S3; {@code s3://bucket/key}. */
    String location(String statement) {
        var location = text();
        if (!location.startsWith("s3://")) {
            throw SqlFailure.unsupported(
                    "%s '%s'; use s3://bucket/prefix, anything else".formatted(statement, location));
        }
        return location;
    }

    /** A single character, which may be written as {@code \t}, {@code \001} or {@code \x01}. */
    char character(String option) {
        var text = unescaped(text());
        if (text.length() != 1) {
            throw SqlFailure.of(
                    SqlState.INTERNAL_ERROR, "%s must be a single character, and '%s' is not".formatted(option, text));
        }
        return text.charAt(0);
    }

    /** Text with {@code \t}, {@code \0}, {@code \001} and the like; other backslashes stay, as in {@code \N}. */
    static String unescaped(String text) {
        var result = new StringBuilder();
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                result.append(c);
                continue;
            }
            var next = text.charAt(++i);
            if (next >= '0' && next <= '7') {
                var end = i;
                while (end < text.length() && end < i + 3 && text.charAt(end) >= '0' && text.charAt(end) <= '7') {
                    end++;
                }
                result.append((char) Integer.parseInt(text.substring(i, end), 8));
                i = end - 1;
            } else if (next == 'x' && i + 2 < text.length()) {
                result.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                switch (next) {
                    case 't' -> result.append('\t');
                    case 'n' -> result.append('\n');
                    case 'r' -> result.append('\r');
                    case '\\' -> result.append('\\');
                    default -> result.append('\\').append(next);
                }
            }
        }
        return result.toString();
    }

    /** {@code ON}, {@code OFF}, {@code TRUE}, {@code FALSE}, or nothing, which is on. */
    boolean isOn() {
        if (reader.accept("OFF") || reader.accept("FALSE")) {
            return false;
        }
        if (!reader.accept("ON")) {
            reader.accept("TRUE");
        }
        return true;
    }

    /** Refuses options by name. */
    void refuse(String statement, List<String> options) {
        for (var option : options) {
            if (reader.sees(option)) {
                throw SqlFailure.unsupported("%s with %s".formatted(statement, option));
            }
        }
    }
}
