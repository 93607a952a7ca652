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
     * @param lower UTF-8; with {@code id} 0 all keys from it on, else a key whose rows beyond that id come first
     * @param id of the last row that was seen
     */
    record Cursor(byte[] lower, long id) {
        static final Cursor START = new Cursor(new byte[0], 0);

        /** All keys that are greater. */
        static Cursor after(String key) {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            return new Cursor(Arrays.copyOf(bytes, bytes.length + 1), 0);
        }

        /** All keys that are greater than those that begin with {@code prefix}. */
        static Cursor beyond(String prefix) {
            byte[] bytes = prefix.getBytes(StandardCharsets.UTF_8);
            bytes[bytes.length - 1]++; // UTF-8 has no byte 0xFF
            return new Cursor(bytes, 0);
        }

        static Cursor at(String key, long id) {
            return new Cursor(key.getBytes(StandardCharsets.UTF_8), id);
        }

        /** The later of this and the first key that begins with {@code prefix}. */
        Cursor atLeast(String prefix) {
            byte[] bytes = prefix.getBytes(StandardCharsets.UTF_8);
            return Arrays.compareUnsigned(bytes, lower) > 0 ? new Cursor(bytes, 0) : this;
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
