package dev.groundplane.services.ecs;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Page sizes and tokens as ECS's List operations have them. */
final class Limits {
    private static final int MAX_PAGE = 100;

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

    /** Tokens are the name after which the next page begins. */
    static String after(@Nullable String nextToken) {
        return Optional.ofNullable(nextToken).orElse("");
    }
}
