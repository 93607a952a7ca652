package dev.groundplane.services.ssm;

import dev.groundplane.wire.FieldPaths;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;

/** The constraints that AWS's model puts on members, and paging tokens. */
final class Members {
    private static final String TOKEN_MARK = "after:";

    private Members() {}

    /** Refuses by name every member that is set but not in {@code supported}. */
    static void supported(SdkPojo request, String... supported) {
        FieldPaths.unsupported(request, Set.of(supported)).ifPresent(path -> {
            throw SsmErrors.validation("%s is not implemented by Groundplane; leave it out.", path);
        });
    }

    static String required(String member, @Nullable String value, int longest) {
        String text = Objects.requireNonNullElse(value, "");
        if (text.isEmpty() || text.length() > longest) {
            throw constraint(member, text, "Member must have length between 1 and " + longest);
        }
        return text;
    }

    static @Nullable String optional(String member, @Nullable String value, int longest) {
        return value == null || value.isEmpty() ? null : required(member, value, longest);
    }

    static int between(String member, @Nullable Integer value, int least, int most, int otherwise) {
        int number = Objects.requireNonNullElse(value, otherwise);
        if (number < least || number > most) {
            throw constraint(
                    member,
                    Integer.toString(number),
                    "Member must have value between %d and %d".formatted(least, most));
        }
        return number;
    }

    private static RuntimeException constraint(String member, String value, String constraint) {
        return SsmErrors.validation(
                "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s",
                value, member, constraint);
    }

    /** The name after which a page begins, from a token that {@link #token} made. */
    static String after(@Nullable String nextToken) {
        if (nextToken == null || nextToken.isEmpty()) {
            return "";
        }
        try {
            String name = new String(Base64.getUrlDecoder().decode(nextToken), StandardCharsets.UTF_8);
            if (name.startsWith(TOKEN_MARK)) {
                return name.substring(TOKEN_MARK.length());
            }
        } catch (IllegalArgumentException e) {
            // Not base64: refused below like every other token that is none of ours.
        }
        throw SsmErrors.invalidNextToken(nextToken);
    }

    /** The token for the page after {@code name}; null on the last page. */
    static @Nullable String token(Optional<String> name) {
        return name.map(n -> Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString((TOKEN_MARK + n).getBytes(StandardCharsets.UTF_8)))
                .orElse(null);
    }
}
