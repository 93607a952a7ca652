package dev.groundplane.services.organizations;

import dev.groundplane.wire.FieldPaths;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.organizations.model.InvalidInputExceptionReason;

/** The constraints on members of requests, ids and pages. */
final class Members {
    static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

    private static final Pattern EMAIL = Pattern.compile("[^\\s@]+@[^\\s@]+\\.[^\\s@]+");
    private static final String ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int DEFAULT_PAGE = 20;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** @param next null on the last page */
    record Part<T>(List<T> items, @Nullable String next) {}

    private Members() {}

    /** Refuses by name every member that is set but not in {@code supported}. */
    static void supported(SdkPojo request, String... supported) {
        FieldPaths.unsupported(request, Set.of(supported)).ifPresent(path -> {
            throw OrganizationErrors.invalid(
                    InvalidInputExceptionReason.INVALID_PATTERN,
                    "%s is not implemented by Groundplane; leave it out.",
                    path);
        });
    }

    static String id(String prefix, int length) {
        StringBuilder id = new StringBuilder(prefix);
        for (int i = 0; i < length; i++) {
            id.append(ID_ALPHABET.charAt(RANDOM.nextInt(ID_ALPHABET.length())));
        }
        return id.toString();
    }

    static String accountId() {
        return Long.toString(100_000_000_000L + RANDOM.nextLong(900_000_000_000L));
    }

    static String required(String member, @Nullable String value, int most) {
        if (value == null || value.isEmpty()) {
            throw OrganizationErrors.invalid(
                    InvalidInputExceptionReason.INPUT_REQUIRED, "You must specify a value for %s.", member);
        }
        if (value.length() > most) {
            throw OrganizationErrors.invalid(
                    InvalidInputExceptionReason.MAX_LENGTH_EXCEEDED,
                    "You specified a value for %s that exceeds %d characters.",
                    member,
                    most);
        }
        return value;
    }

    static String email(@Nullable String email) {
        String value = required("Email", email, 64);
        if (value.length() < 6 || !EMAIL.matcher(value).matches()) {
            throw OrganizationErrors.invalid(
                    InvalidInputExceptionReason.INVALID_PATTERN, "You specified an invalid email address: %s", value);
        }
        return value;
    }

    /** A page of what is at hand; the token is a position in it. */
    static <T> Part<T> page(List<T> all, @Nullable String token, @Nullable Integer maxResults) {
        int limit = maxResults == null ? DEFAULT_PAGE : maxResults;
        if (limit < 1 || limit > DEFAULT_PAGE) {
            throw OrganizationErrors.invalid(
                    InvalidInputExceptionReason.MAX_VALUE_EXCEEDED,
                    "MaxResults must be between 1 and %d, found %d.",
                    DEFAULT_PAGE,
                    limit);
        }
        if (token != null && !token.matches("[0-9]{1,9}")) {
            throw OrganizationErrors.invalid(
                    InvalidInputExceptionReason.INVALID_NEXT_TOKEN, "You specified an invalid NextToken: %s", token);
        }
        int from = Math.min(token == null ? 0 : Integer.parseInt(token), all.size());
        int to = Math.min(all.size(), from + limit);
        return new Part<>(all.subList(from, to), to < all.size() ? Integer.toString(to) : null);
    }
}
