package dev.groundplane.services.ecs;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Page sizes and tokens as ECS's List operations have them. */
final class Limits {
    private static final int MAX_PAGE = 100;
    private static final String TOKEN_MARK = "after:";

    private Limits() {}

    /** @return the asked-for page size, or 100 */
    static int pageSize(@Nullable Integer maxResults) {
        if (maxResults == null) {
            return MAX_PAGE;
        }
        if (maxResults < 1 || maxResults > MAX_PAGE) {
            throw EcsErrors.invalidParameter("maxResults must be from 1 to %d, found %d", MAX_PAGE, maxResults);
        }
        return maxResults;
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
        throw EcsErrors.invalidParameter("Invalid token %s.", nextToken);
    }

    /** The token for the page after {@code name}; null on the last page. */
    static @Nullable String token(Optional<String> name) {
        return name.map(n -> Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString((TOKEN_MARK + n).getBytes(StandardCharsets.UTF_8)))
                .orElse(null);
    }
}
