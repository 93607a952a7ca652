package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.store.Page;
import dev.groundplane.services.warehouse.RequestRules;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What names and values must look like. Source: Redshift Serverless API reference. */
final class Rules {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{3,64}");
    private static final Pattern DATABASE = Pattern.compile("[a-zA-Z][a-zA-Z_0-9+.@-]{0,126}");
    private static final Pattern USER = Pattern.compile("[a-zA-Z][a-zA-Z_0-9+.@-]{0,127}");

    private static final int LARGEST_PAGE = 100;

    private static final RequestRules RULES = new RequestRules(RedshiftErrors::invalid);

    private Rules() {}

    static String name(String member, @Nullable String value) {
        return RULES.matching(member, value, NAME, "3 to 64 small letters, digits and hyphens");
    }

    static String snapshotName(String member, @Nullable String value) {
        return RULES.snapshot(member, value);
    }

    static String database(String value) {
        return RULES.database(
                "dbName", value, DATABASE, "1 to 127 letters, digits and any of _+.@-, beginning with a letter");
    }

    static String databaseUser(String value) {
        return RULES.matching(
                "adminUsername", value, USER, "1 to 128 letters, digits and any of _+.@-, beginning with a letter");
    }

    /** An administrator's password; says what is wrong without it. */
    static String password(String value) {
        return RULES.password("adminUserPassword", value);
    }

    /** For how long a temporary password is valid. */
    static int passwordSeconds(@Nullable Integer wanted) {
        return RULES.passwordSeconds("durationSeconds", wanted);
    }

    /** For how many days a snapshot is kept; -1 for ever. */
    static int retentionDays(String member, @Nullable Integer wanted) {
        return RULES.retentionDays(member, wanted);
    }

    static int pageSize(@Nullable Integer wanted) {
        return RULES.pageSize("maxResults", wanted, 1, LARGEST_PAGE);
    }

    /** The last name of the page before; empty for the first page. */
    static String after(@Nullable String token) {
        return RULES.after("nextToken", token);
    }

    static @Nullable String token(Page<?> page) {
        return page.next().map(RequestRules::marker).orElse(null);
    }
}
