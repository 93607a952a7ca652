package dev.groundplane.warehouse.load;

import dev.groundplane.warehouse.sql.CopyFormat.Delimited;
import java.io.IOException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Lines of fields between delimiters; a backslash or quotation marks may take a delimiter's meaning away. */
final class DelimitedRecords implements RecordReader {
    private final Lines lines;
    private final Delimited format;

    DelimitedRecords(Lines lines, Delimited format) {
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
        var record = new StringBuilder(Lines.bare(line));
        while (format.escape() && endsEscaped(record)) {
            var more = lines.next();
            if (more == null) {
                break;
            }
            record.append('\n').append(Lines.bare(more));
            Lines.requireRow(record.length(), number);
        }
        return parse(number, record.toString());
    }

    /** Whether the line's end belongs to its last field: an odd number of backslashes stands before it. */
    private static boolean endsEscaped(CharSequence line) {
        var count = 0;
        while (count < line.length() && line.charAt(line.length() - 1 - count) == '\\') {
            count++;
        }
        return count % 2 == 1;
    }

    private SourceRecord parse(long number, String line) {
        var fields = new ArrayList<@Nullable String>();
        var field = new StringBuilder();
        var isQuoted = false;
        var quote = '\0';
        for (var i = 0; i < line.length(); i++) {
            var c = line.charAt(i);
            if (format.escape() && c == '\\' && i + 1 < line.length()) {
                var next = line.charAt(++i);
                // The NULL marker \N stays what it is.
                field.append(next == 'N' ? "\\N" : String.valueOf(next));
            } else if (format.removeQuotes()
                    && !isQuoted
                    && field.isEmpty()
                    && quote == '\0'
                    && (c == '"' || c == '\'')) {
                isQuoted = true;
                quote = c;
            } else if (isQuoted && c == quote && endsField(line, i + 1)) {
                isQuoted = false;
            } else if (!isQuoted && c == format.delimiter()) {
                fields.add(field.toString());
                field.setLength(0);
                quote = '\0';
            } else {
                field.append(c);
            }
        }
        if (isQuoted) {
            return SourceRecord.bad(number, line, FieldFault.UNENDED_QUOTE, "Delimited value missing end quote");
        }
        fields.add(field.toString());
        return SourceRecord.of(number, line, fields);
    }

    private boolean endsField(String line, int position) {
        return position == line.length() || line.charAt(position) == format.delimiter();
    }
}
