package dev.groundplane.services.glue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists as Glue answers them, in pages. */
final class Pages {
    private static final int LARGEST = 100;

    private Pages() {}

    /**
     * A page.
     *
     * @param next what names the following one; null when it is the last
     */
    record Page<T>(List<T> items, @Nullable String next) {}

    /**
     * The page after another.
     *
     * @param all in order of their names
     * @param size at most; null for 100
     * @param token what an answer had; null for the first page
     */
    static <T> Page<T> of(List<T> all, Function<T, String> name, @Nullable Integer size, @Nullable String token) {
        int most = Objects.requireNonNullElse(size, LARGEST);
        if (most < 1) {
            throw GlueErrors.invalid("A page's size %d must be 1 or more.", most);
        }
        String after = decoded(token);
        List<T> left =
                all.stream().filter(one -> name.apply(one).compareTo(after) > 0).toList();
        if (left.size() <= most) {
            return new Page<>(left, null);
        }
        List<T> page = left.subList(0, most);
        return new Page<>(
                page,
                Base64.getUrlEncoder().encodeToString(name.apply(page.getLast()).getBytes(StandardCharsets.UTF_8)));
    }

    private static String decoded(@Nullable String token) {
        try {
            return token == null ? "" : new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw GlueErrors.invalid("The token '%s' is none that an answer had.", token);
        }
    }
}
