package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.store.Page;
import dev.groundplane.services.warehouse.AdministratorPassword;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshiftserverless.model.ValidationException;

/** What names and values must look like. Source: Redshift Serverless API reference. */
final class Rules {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{3,64}");
    private static final Pattern DATABASE = Pattern.compile("[a-zA-Z][a-zA-Z_0-9+.@-]{0,126}");
    private static final Pattern USER = Pattern.compile("[a-zA-Z][a-zA-Z_0-9+.@-]{0,127}");
    private static final Pattern SNAPSHOT = Pattern.compile("(?=.{1,255}$)[a-z][a-z0-9]*(-[a-z0-9]+)*");
    /** Names of the engine's own databases. */
    private static final Set<String> TAKEN_DATABASES = Set.of("sys", "memory", "system", "temp", "padb_harvest");

    private static final int LARGEST_PAGE = 100;

    private Rules() {}

    static String name(String member, @Nullable String value) {
        return matching(member, value, NAME, "3 to 64 small letters, digits and hyphens");
    }

    /** Source: Redshift's CreateClusterSnapshot, SnapshotIdentifier. */
    static String snapshotName(String member, @Nullable String value) {
        return matching(
                member,
                value,
                SNAPSHOT,
                "1 to 255 small letters, digits and single hyphens, beginning with a letter and not ending with a hyphen");
    }

    static String database(String value) {
        String name = matching(
                "dbName", value, DATABASE, "1 to 127 letters, digits and any of _+.@-, beginning with a letter");
        if (TAKEN_DATABASES.contains(name)) {
            throw RedshiftErrors.invalid("dbName %s is reserved; use another name.", name);
        }
        return name;
    }

    static String databaseUser(String value) {
        return matching(
                "adminUsername", value, USER, "1 to 128 letters, digits and any of _+.@-, beginning with a letter");
    }

    /** Says what is wrong without the password. */
    static String password(String value) {
        if (!AdministratorPassword.isValid(value)) {
            throw RedshiftErrors.invalid("adminUserPassword %s", AdministratorPassword.RULE);
        }
        return value;
    }

    private static String matching(String member, @Nullable String value, Pattern pattern, String right) {
        String given = Objects.requireNonNullElse(value, "");
        if (!pattern.matcher(given).matches()) {
            throw RedshiftErrors.invalid("%s '%s' must be %s.", member, given, right);
        }
        return given;
    }

    static int pageSize(@Nullable Integer wanted) {
        int size = Objects.requireNonNullElse(wanted, LARGEST_PAGE);
        if (size < 1 || size > LARGEST_PAGE) {
            throw RedshiftErrors.invalid("maxResults %d must be from 1 to %d.", size, LARGEST_PAGE);
        }
        return size;
    }

    /** @throws ValidationException for a token that no answer had */
    static String after(@Nullable String token) {
        try {
            return token == null ? "" : new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw RedshiftErrors.invalid("nextToken '%s' is none that an answer had.", token);
        }
    }

    static @Nullable String token(Page<?> page) {
        return page.next()
                .map(name -> Base64.getUrlEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8)))
                .orElse(null);
    }
}
