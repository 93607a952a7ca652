package dev.groundplane.warehouse.load;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The lines of a file with their numbers; each byte is a character. For one thread. */
final class Lines {
    /** Bytes of the longest row that Redshift takes, which may be several lines. */
    static final int LONGEST_ROW = 4 * 1024 * 1024;

    private static final int BUFFER = 256 * 1024;

    private final InputStream file;
    private final byte[] buffer = new byte[BUFFER];
    private byte[] line = new byte[1024];
    private int at;
    private int end;
    private long number;

    /** Passes over the first lines. */
    Lines(InputStream file, int skipped) throws IOException {
        this.file = file;
        for (var i = 0; i < skipped; i++) {
            next();
        }
    }

    /**
     * The next line without its end, but with a carriage return before that; null when there is none.
     *
     * @throws SqlFailure when it is longer than 4 MiB
     */
    @Nullable
    String next() throws IOException {
        var length = 0;
        while (true) {
            if (at == end) {
                at = 0;
                end = file.read(buffer);
                if (end <= 0) {
                    end = 0;
                    return length == 0 ? null : line(length);
                }
            }
            var stop = at;
            while (stop < end && buffer[stop] != '\n') {
                stop++;
            }
            length = append(length, stop);
            if (stop < end) {
                at = stop + 1;
                return line(length);
            }
            at = stop;
        }
    }

    private int append(int length, int stop) {
        var longer = length + stop - at;
        requireRow(longer, number + 1);
        if (longer > line.length) {
            line = Arrays.copyOf(line, Math.max(longer, line.length * 2));
        }
        System.arraycopy(buffer, at, line, length, stop - at);
        return longer;
    }

    private String line(int length) {
        number++;
        return new String(line, 0, length, StandardCharsets.ISO_8859_1);
    }

    /**
     * Refuses a row that is too long, before it fills the memory.
     *
     * @param bytes of it so far
     * @param line where it begins
     */
    static void requireRow(long bytes, long line) {
        if (bytes > LONGEST_ROW) {
            throw SqlFailure.of(
                    SqlState.INTERNAL_ERROR,
                    "the row that begins in line %d is longer than the 4 MB that a row may have".formatted(line));
        }
    }

    /** A line without a carriage return at its end. */
    static String bare(String line) {
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    /** Of the line that was read last, from 1. */
    long number() {
        return number;
    }
}
