package dev.groundplane.warehouse.load;

import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.storage.Staging;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Values of rows in a file of the staging directory, which the engine reads many times faster than it takes them one by one. For one
 * thread; whoever opened it closes it before the engine reads it.
 */
final class RowFile implements Closeable {
    private static final int BUFFER = 256 * 1024;
    private static final long LARGE = 32 << 20;
    /** What the engine takes anyway. */
    private static final int SHORTEST_LIMIT = 2_000_000;

    private final Staging.Area area;
    private final Path path;
    private final int columns;
    private final OutputStream file;
    private final byte[] buffer = new byte[BUFFER];
    private int used;
    private long written;
    private long lineBytes;
    private long longestBytes;

    /** @param columns how many values each row has */
    RowFile(Staging.Area area, Path path, int columns) throws IOException {
        this.area = area;
        this.path = path;
        this.columns = columns;
        this.file = area.create(path);
    }

    /** Adds a row; null is NULL. */
    void add(List<@Nullable String> values) throws IOException {
        lineBytes = 0;
        for (var value : values) {
            put((byte) ','); // before each: a line with nothing in it would be none
            if (value != null) {
                put((byte) '"');
                for (var b : value.getBytes(StandardCharsets.UTF_8)) {
                    if (b == '"') {
                        put(b);
                    }
                    put(b);
                }
                put((byte) '"');
            }
        }
        put((byte) '\n');
        longestBytes = Math.max(longestBytes, lineBytes);
    }

    private void put(byte b) throws IOException {
        if (used == BUFFER) {
            flush();
        }
        buffer[used++] = b;
        lineBytes++;
    }

    private void flush() throws IOException {
        area.reserve(used);
        file.write(buffer, 0, used);
        written += used;
        used = 0;
    }

    /** Whether it has as much as the engine reads well at once: more would only take room. */
    boolean isLarge() {
        return written >= LARGE;
    }

    /** What the engine reads the rows from; their columns are {@code c0}, {@code c1}, …, all of them text. */
    String source() {
        return ("read_csv(%s, columns = {'before': 'VARCHAR', %s}, header = false, auto_detect = false, delim = ',', quote = '\"',"
                        + " escape = '\"', new_line = '\\n', nullstr = '', allow_quoted_nulls = false, max_line_size = %d)")
                .formatted(
                        Names.literal(path.toString()),
                        IntStream.range(0, columns)
                                .mapToObj(i -> "'c%d': 'VARCHAR'".formatted(i))
                                .collect(Collectors.joining(", ")),
                        Math.max(longestBytes + 1, SHORTEST_LIMIT));
    }

    @Override
    public void close() throws IOException {
        try (file) {
            flush();
        }
    }

    /** Deletes it, which gives its room back. */
    void delete() throws IOException {
        area.remove(path);
    }
}
