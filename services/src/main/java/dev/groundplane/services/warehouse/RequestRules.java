package dev.groundplane.services.warehouse;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What members of requests must look like, whichever service is asked: each refuses by an exception of its own. Thread-safe. */
public final class RequestRules {
    /** Names of the engine's own databases, and Redshift's. */
    private static final Set<String> TAKEN_DATABASES = Set.of("sys", "memory", "system", "temp", "padb_harvest");

    private static final Pattern SNAPSHOT = Pattern.compile("(?=.{1,255}$)[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private final Refusal invalid;

    /** Makes a service's exception. */
    @FunctionalInterface
    public interface Refusal {
        /** @param message as for {@link String#format} */
        RuntimeException of(String message, Object... values);
    }

    /** @param invalid for a member that is not as it must be */
    public RequestRules(Refusal invalid) {
        this.invalid = invalid;
    }

    /**
     * A value that matches a pattern.
     *
     * @param right what matches, to go on after "must be"
     */
    public String matching(String member, @Nullable String value, Pattern pattern, String right) {
        String given = Objects.requireNonNullElse(value, "");
        if (!pattern.matcher(given).matches()) {
            throw invalid.of("%s '%s' must be %s.", member, given, right);
        }
        return given;
    }

    /** A snapshot's name. Source: Redshift's CreateClusterSnapshot, SnapshotIdentifier. */
    public String snapshot(String member, @Nullable String value) {
        return matching(
                member,
                value,
                SNAPSHOT,
                "1 to 255 small letters, digits and single hyphens, beginning with a letter and not ending with a hyphen");
    }

    /** The name of a database, which matches a pattern and is none of those that there are always. */
    public String database(String member, String value, Pattern pattern, String right) {
        String name = matching(member, value, pattern, right);
        if (TAKEN_DATABASES.contains(name)) {
            throw invalid.of("%s %s is reserved; use another name.", member, name);
        }
        return name;
    }

    /** An administrator's password; says what is wrong without it. */
    public String password(String member, String value) {
        if (!AdministratorPassword.isValid(value)) {
            throw invalid.of("%s %s", member, AdministratorPassword.RULE);
        }
        return value;
    }

    /** For how long a temporary password is valid, without a wish for the shortest time. */
    public int passwordSeconds(String member, @Nullable Integer wanted) {
        int seconds = Objects.requireNonNullElse(wanted, TemporaryPasswords.SHORTEST_SECONDS);
        if (seconds < TemporaryPasswords.SHORTEST_SECONDS || seconds > TemporaryPasswords.LONGEST_SECONDS) {
            throw invalid.of(
                    "%s %d must be from %d to %d.",
                    member, seconds, TemporaryPasswords.SHORTEST_SECONDS, TemporaryPasswords.LONGEST_SECONDS);
        }
        return seconds;
    }

    /** For how many days a snapshot is kept, without a wish for ever: {@link Retention#INDEFINITE}. */
    public int retentionDays(String member, @Nullable Integer wanted) {
        int days = Objects.requireNonNullElse(wanted, Retention.INDEFINITE);
        if (days != Retention.INDEFINITE && (days < 1 || days > Retention.LONGEST_DAYS)) {
            throw invalid.of("%s %d must be -1 or from 1 to %d, in days.", member, days, Retention.LONGEST_DAYS);
        }
        return days;
    }

    /** How many a page has at the most, without a wish the most that are allowed. */
    public int pageSize(String member, @Nullable Integer wanted, int smallest, int largest) {
        int size = Objects.requireNonNullElse(wanted, largest);
        if (size < smallest || size > largest) {
            throw invalid.of("%s %d must be from %d to %d.", member, size, smallest, largest);
        }
        return size;
    }

    /**
     * The last name of the page before; empty for the first page.
     *
     * @param marker one of {@link #marker}
     */
    public String after(String member, @Nullable String marker) {
        try {
            return marker == null ? "" : new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid.of("%s '%s' is none that an answer had.", member, marker);
        }
    }

    /**
     * What asks for the next page.
     *
     * @param last name of a page
     */
    public static String marker(String last) {
        return Base64.getUrlEncoder().encodeToString(last.getBytes(StandardCharsets.UTF_8));
    }
}
