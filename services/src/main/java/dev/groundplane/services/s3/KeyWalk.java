package dev.groundplane.services.s3;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Walks rows in order of their keys and rolls up those that have a delimiter after the prefix into common prefixes, which are
 * skipped without reading what is below them. Source: Amazon S3 User Guide, "Organizing objects using prefixes".
 *
 * @param <T> what rows are read into
 */
final class KeyWalk<T> {
    private static final int MAX_BATCH = 1_000;

    /**
     * Where to go on.
     *
     * @param lower the keys that are greater come; in order of UTF-8, which is that of code points
     * @param included whether {@code lower} itself comes, too
     * @param id if it is not 0, the rows of {@code lower} come before, which are beyond this one
     */
    record Cursor(String lower, boolean included, long id) {
        static final Cursor START = new Cursor("", true, 0);
        /** Greater than every key can be: longer than keys are, and of the greatest code point. */
        private static final String END =
                Character.toString(Character.MAX_CODE_POINT).repeat(1_024);

        /** All keys that are greater. */
        static Cursor after(String key) {
            return new Cursor(key, false, 0);
        }

        /** All keys that are greater than those that begin with {@code prefix}. */
        static Cursor beyond(String prefix) {
            for (int end = prefix.length(); end > 0; ) {
                int last = prefix.codePointBefore(end);
                end -= Character.charCount(last);
                if (last < Character.MAX_CODE_POINT) {
                    int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
                    return new Cursor(prefix.substring(0, end) + Character.toString(next), true, 0);
                }
            }
            return after(END);
        }

        static Cursor at(String key, long id) {
            return new Cursor(key, false, id);
        }

        /** The later of this and the first key that begins with {@code prefix}. */
        Cursor atLeast(String prefix) {
            boolean later = Arrays.compareUnsigned(
                            prefix.getBytes(StandardCharsets.UTF_8), lower.getBytes(StandardCharsets.UTF_8))
                    > 0;
            return later ? new Cursor(prefix, true, 0) : this;
        }

        /** What compares a key with {@code lower}. */
        String comparison() {
            return included ? ">=" : ">";
        }
    }

    /** Reads rows in order of keys, at most so many. */
    @FunctionalInterface
    interface Source<T> {
        List<T> read(Cursor from, int limit) throws SQLException;
    }

    /**
     * What a walk found, in order.
     *
     * @param last the last row or common prefix of it; empty when there is none
     * @param truncated whether there is more
     */
    record Page<T>(List<T> rows, List<String> prefixes, Optional<String> last, boolean truncated) {}

    private final Source<T> source;
    private final Function<T, String> key;
    private final Function<T, Cursor> after;

    /**
     * @param key a row's
     * @param after where to go on after a row
     */
    KeyWalk(Source<T> source, Function<T, String> key, Function<T, Cursor> after) {
        this.source = source;
        this.key = key;
        this.after = after;
    }

    /**
     * Reads a page.
     *
     * @param delimiter empty for none
     * @param most how many rows and common prefixes together
     */
    Page<T> page(String prefix, String delimiter, Cursor from, int most) throws SQLException {
        List<T> rows = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        Optional<String> last = Optional.empty();
        Cursor cursor = from.atLeast(prefix);
        while (true) {
            int limit = Math.min(MAX_BATCH, most - rows.size() - prefixes.size() + 1);
            List<T> batch = source.read(cursor, limit);
            for (T row : batch) {
                String name = key.apply(row);
                if (!name.startsWith(prefix)) {
                    return new Page<>(rows, prefixes, last, false);
                }
                Optional<String> common = common(name, prefix, delimiter);
                if (common.isPresent() && common.equals(last) && !prefixes.isEmpty()) {
                    continue; // the rest of the batch that is below it
                }
                if (rows.size() + prefixes.size() == most) {
                    return new Page<>(rows, prefixes, last, true);
                }
                if (common.isPresent()) {
                    prefixes.add(common.get());
                    cursor = Cursor.beyond(common.get());
                    last = common;
                } else {
                    rows.add(row);
                    cursor = after.apply(row);
                    last = Optional.of(name);
                }
            }
            if (batch.size() < limit) {
                return new Page<>(rows, prefixes, last, false);
            }
        }
    }

    private static Optional<String> common(String key, String prefix, String delimiter) {
        int at = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
        return at < 0 ? Optional.empty() : Optional.of(key.substring(0, at + delimiter.length()));
    }
}
