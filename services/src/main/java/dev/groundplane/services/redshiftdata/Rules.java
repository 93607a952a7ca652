package dev.groundplane.services.redshiftdata;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshiftdata.model.ResultFormatString;
import software.amazon.awssdk.services.redshiftdata.model.ValidationException;

/** What members of requests must look like. Source: Redshift Data API reference, and "Considerations" of its guide. */
final class Rules {
    private static final Pattern STATEMENT = Pattern.compile("[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:[1-9]\\d?)?");
    private static final int LONGEST_SQL = 100 * 1024;
    private static final int LONGEST_NAME = 500;
    private static final int LONGEST_TOKEN = 64;
    private static final int LONGEST_KEEP_ALIVE = 24 * 60 * 60;
    private static final char SEPARATOR = '\u001F';

    private Rules() {}

    static String statementId(@Nullable String id) {
        String given = Objects.requireNonNullElse(id, "");
        if (!STATEMENT.matcher(given).matches()) {
            throw DataErrors.invalid(
                    "id must satisfy regex pattern: ^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\\d+)?$; '%s' does not.",
                    given);
        }
        return given;
    }

    static String sql(@Nullable String sql) {
        String given = Objects.requireNonNullElse(sql, "");
        if (given.isBlank()) {
            throw DataErrors.invalid("Sql must not be empty.");
        }
        int bytes = given.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_SQL) {
            throw DataErrors.invalid("A SQL statement of %d bytes is too long; at most 100 KB are allowed.", bytes);
        }
        return given;
    }

    static String statementName(@Nullable String name) {
        String given = Objects.requireNonNullElse(name, "");
        if (given.length() > LONGEST_NAME) {
            throw DataErrors.invalid(
                    "StatementName has %d characters; at most %d are allowed.", given.length(), LONGEST_NAME);
        }
        return given;
    }

    static String clientToken(@Nullable String token) {
        String given = Objects.requireNonNullElse(token, "");
        if (given.length() > LONGEST_TOKEN || (token != null && given.isEmpty())) {
            throw DataErrors.invalid(
                    "ClientToken has %d characters; 1 to %d are allowed.", given.length(), LONGEST_TOKEN);
        }
        return given;
    }

    static int keepAlive(@Nullable Integer seconds) {
        int given = Objects.requireNonNullElse(seconds, 0);
        if (given < 0 || given > LONGEST_KEEP_ALIVE) {
            throw DataErrors.invalid("SessionKeepAliveSeconds %d must be from 0 to %d.", given, LONGEST_KEEP_ALIVE);
        }
        return given;
    }

    static ResultFormatString format(@Nullable String format) {
        String given = Objects.requireNonNullElse(format, "JSON");
        ResultFormatString known = ResultFormatString.fromValue(given);
        if (known == ResultFormatString.UNKNOWN_TO_SDK_VERSION) {
            throw DataErrors.invalid("ResultFormat '%s' must be JSON or CSV.", given);
        }
        return known;
    }

    /** @param largest also what is meant when nothing, or AWS's 0, was asked for */
    static int pageSize(@Nullable Integer wanted, int largest) {
        int size = Objects.requireNonNullElse(wanted, 0);
        if (size < 0 || size > largest) {
            throw DataErrors.invalid("MaxResults %d must be from 0 to %d.", size, largest);
        }
        return size == 0 ? largest : size;
    }

    /** A token that continues after what these parts name. */
    static String token(String... parts) {
        byte[] text = String.join(String.valueOf(SEPARATOR), parts).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().encodeToString(text);
    }

    /**
     * The parts of a token; all empty when there is none.
     *
     * @throws ValidationException for a token that no answer of this kind had
     */
    static String[] after(@Nullable String token, int parts) {
        if (token == null || token.isEmpty()) {
            return "\u001F".repeat(parts - 1).split(String.valueOf(SEPARATOR), -1);
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            String[] found = text.split(String.valueOf(SEPARATOR), -1);
            if (found.length == parts && text.indexOf('\0') < 0) {
                return found;
            }
        } catch (IllegalArgumentException e) {
            throw unknownToken(token);
        }
        throw unknownToken(token);
    }

    static ValidationException unknownToken(String token) {
        return DataErrors.invalid("NextToken '%s' is none that an answer had.", token);
    }
}
