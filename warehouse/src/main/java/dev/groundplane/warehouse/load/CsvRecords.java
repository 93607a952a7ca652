package dev.groundplane.warehouse.load;

import dev.groundplane.warehouse.sql.CopyFormat.Csv;
import java.io.IOException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Comma separated values; a quoted field may go on over several lines. */
final class CsvRecords implements RecordReader {
    private final Lines lines;
    private final Csv format;

    CsvRecords(Lines lines, Csv format) {
        this.lines = lines;
        this.format = format;
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        var line = lines.next();
        if (line == null) {
            return null;
        }
        var number = lines.number();
        var fields = new ArrayList<@Nullable String>();
        var field = new StringBuilder();
        var raw = new StringBuilder(line);
        var i = 0;
        while (true) {
            if (i < line.length() && line.charAt(i) == format.quote()) {
                i++;
                while (true) {
                    if (i == line.length()) {
                        var more = lines.next();
                        if (more == null) {
                            return SourceRecord.bad(
                                    number,
                                    raw.toString(),
                                    FieldFault.UNENDED_QUOTE,
                                    "Delimited value missing end quote");
                        }
                        field.append('\n');
                        raw.append('\n').append(more);
                        Lines.requireRow(raw.length(), number);
                        line = more;
                        i = 0;
                    } else if (line.charAt(i) != format.quote()) {
                        field.append(line.charAt(i++));
                    } else if (i + 1 < line.length() && line.charAt(i + 1) == format.quote()) {
                        field.append(format.quote());
                        i += 2;
                    } else {
                        i++;
                        break;
                    }
                }
                if (i == line.length() - 1 && line.charAt(i) == '\r') {
                    i++;
                }
                if (i < line.length() && line.charAt(i) != format.delimiter()) {
                    return SourceRecord.bad(
                            number,
                            raw.toString(),
                            FieldFault.BAD_LINE,
                            "Invalid quote formatting for CSV: '%c' follows the end of a quoted field"
                                    .formatted(line.charAt(i)));
                }
            } else {
                var end = line.indexOf(format.delimiter(), i);
                if (end < 0) {
                    field.append(Lines.bare(line.substring(i)));
                    i = line.length();
                } else {
                    field.append(line, i, end);
                    i = end;
                }
            }
            fields.add(field.toString());
            field.setLength(0);
            if (i >= line.length()) {
                return SourceRecord.of(number, raw.toString(), fields);
            }
            i++; // the delimiter
        }
    }
}
