package dev.groundplane.warehouse.load;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record of a file.
 *
 * @param line where it begins, from 1
 * @param raw as it is in the file
 * @param fields its text, each byte a character; null where the format itself says that there is no value
 * @param fault what is wrong with the record as a whole; null for nothing
 */
record SourceRecord(
        long line,
        String raw,
        List<@Nullable String> fields,
        @Nullable FieldFault fault) {
    static SourceRecord of(long line, String raw, List<@Nullable String> fields) {
        return new SourceRecord(line, raw, fields, null);
    }

    static SourceRecord bad(long line, String raw, int code, String reason) {
        return new SourceRecord(line, raw, List.of(), new FieldFault(code, reason));
    }
}
