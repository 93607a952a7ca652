package dev.groundplane.warehouse.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines of fields of fixed widths, in characters. */
final class FixedWidthRecords implements RecordReader {
    private final Lines lines;
    private final List<Integer> widths;

    FixedWidthRecords(Lines lines, List<Integer> widths) {
        this.lines = lines;
        this.widths = widths;
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        var line = lines.next();
        if (line == null) {
            return null;
        }
        line = Lines.bare(line);
        var characters = new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        var fields = new ArrayList<@Nullable String>();
        var at = 0;
        for (var width : widths) {
            if (at >= characters.length()) {
                break;
            }
            var end = Math.min(characters.length(), at + width);
            fields.add(new String(
                    characters.substring(at, end).stripTrailing().getBytes(StandardCharsets.UTF_8),
                    StandardCharsets.ISO_8859_1));
            at = end;
        }
        if (at < characters.length()) {
            return SourceRecord.bad(lines.number(), line, FieldFault.EXTRA_COLUMNS, "Extra column(s) found");
        }
        return SourceRecord.of(lines.number(), line, fields);
    }
}
