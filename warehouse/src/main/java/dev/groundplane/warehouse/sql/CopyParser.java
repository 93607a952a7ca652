package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.CopyFormat.Csv;
import dev.groundplane.warehouse.sql.CopyFormat.Delimited;
import dev.groundplane.warehouse.sql.CopyFormat.FixedWidth;
import dev.groundplane.warehouse.sql.CopyFormat.Json;
import dev.groundplane.warehouse.sql.CopyFormat.Parquet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a {@code COPY}; its options may come in any order. For one statement. */
final class CopyParser {
    private static final List<String> REFUSED =
            List.of("AVRO", "ORC", "SHAPEFILE", "LZOP", "ENCRYPTED", "MASTER_SYMMETRIC_KEY", "READRATIO", "SSH");
    private static final int MOST_ERRORS = 100_000;

    private final TokenReader reader;
    private final S3Clauses clauses;
    private @Nullable String region;
    private @Nullable CopyFormat format;
    private @Nullable Character delimiter;
    private @Nullable Character quote;
    private Compression compression = Compression.NONE;
    private boolean manifest;
    private boolean escape;
    private boolean removeQuotes;
    private int skippedLines;
    private boolean skipsBlankLines;
    private boolean fillRecord;
    private boolean explicitIds;
    private int maxErrors;
    private boolean noLoad;
    private String nullString = "\\N";
    private boolean emptyAsNull;
    private boolean blanksAsNull;
    private boolean trimBlanks;
    private boolean truncate;
    private @Nullable String dateFormat;
    private @Nullable String timeFormat;
    private @Nullable Character replacement;
    private boolean round;

    CopyParser(List<Token> tokens) {
        this.reader = new TokenReader(tokens);
        this.clauses = new S3Clauses(reader);
    }

    CopyCommand parse() {
        reader.expect("COPY");
        var table = reader.qualifiedName();
        var columns = reader.sees("(") ? reader.names() : List.<String>of();
        if (reader.sees("TO")) {
            throw SqlFailure.unsupported("COPY … TO; use UNLOAD, which it");
        }
        reader.expect("FROM");
        if (reader.sees("STDIN")) {
            throw SqlFailure.unsupported("COPY … FROM STDIN; use COPY … FROM 's3://…', which it");
        }
        var source = clauses.location("COPY FROM");
        while (!reader.atEnd()) {
            if (!clauses.authorization() && !file() && !conversion() && !load()) {
                clauses.refuse("COPY", REFUSED);
                throw reader.unexpected();
            }
        }
        return new CopyCommand(
                table,
                columns,
                source,
                clauses.given(),
                Optional.ofNullable(region),
                format(),
                compression,
                manifest,
                skippedLines,
                skipsBlankLines,
                fillRecord,
                explicitIds,
                maxErrors,
                noLoad,
                new CopyConversion(
                        nullString,
                        emptyAsNull,
                        blanksAsNull,
                        trimBlanks,
                        truncate,
                        Optional.ofNullable(dateFormat),
                        Optional.ofNullable(timeFormat),
                        Optional.ofNullable(replacement),
                        round));
    }

    private CopyFormat format() {
        if (format instanceof Csv) {
            if (escape || removeQuotes) {
                throw conflict("CSV", escape ? "ESCAPE" : "REMOVEQUOTES");
            }
            return new Csv(delimiter == null ? ',' : delimiter, quote == null ? '"' : quote);
        }
        if (quote != null) {
            throw SqlFailure.of(SqlState.SYNTAX_ERROR, "QUOTE can only be used with CSV");
        }
        if (format == null) {
            return new Delimited(delimiter == null ? '|' : delimiter, escape, removeQuotes);
        }
        if (delimiter != null || escape || removeQuotes) {
            throw conflict(
                    format.getClass().getSimpleName().toUpperCase(Locale.ROOT),
                    delimiter != null ? "DELIMITER" : escape ? "ESCAPE" : "REMOVEQUOTES");
        }
        if (format instanceof Parquet) {
            textOption().ifPresent(option -> {
                throw conflict("PARQUET", option);
            });
        }
        return format;
    }

    /** An option that was given and means nothing to files with a schema of their own; empty when there is none. */
    private Optional<String> textOption() {
        var given = new LinkedHashMap<String, Boolean>();
        given.put(compression.name(), compression != Compression.NONE);
        given.put("IGNOREHEADER", skippedLines > 0);
        given.put("IGNOREBLANKLINES", skipsBlankLines);
        given.put("MAXERROR", maxErrors > 0);
        given.put("NOLOAD", noLoad);
        given.put("NULL AS", !nullString.equals("\\N"));
        given.put("EMPTYASNULL", emptyAsNull);
        given.put("BLANKSASNULL", blanksAsNull);
        given.put("TRIMBLANKS", trimBlanks);
        given.put("TRUNCATECOLUMNS", truncate);
        given.put("DATEFORMAT", dateFormat != null);
        given.put("TIMEFORMAT", timeFormat != null);
        given.put("ACCEPTINVCHARS", replacement != null);
        given.put("ROUNDEC", round);
        return given.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static SqlFailure conflict(String one, String other) {
        return SqlFailure.of(
                SqlState.SYNTAX_ERROR, "conflicting or redundant options: %s and %s".formatted(one, other));
    }

    /** What is said of the files. */
    private boolean file() {
        if (reader.accept("FORMAT")) {
            reader.accept("AS");
            if (!formatName()) {
                clauses.refuse("COPY", REFUSED);
                throw reader.unexpected();
            }
        } else if (formatName()) {
            return true;
        } else if (accept("DELIMITER")) {
            delimiter = clauses.character("DELIMITER");
        } else if (accept("QUOTE")) {
            quote = clauses.character("QUOTE");
        } else if (reader.accept("ESCAPE")) {
            escape = true;
        } else if (reader.accept("REMOVEQUOTES")) {
            removeQuotes = true;
        } else if (reader.accept("GZIP")) {
            compression = Compression.GZIP;
        } else if (reader.accept("BZIP2")) {
            compression = Compression.BZIP2;
        } else if (reader.accept("ZSTD")) {
            compression = Compression.ZSTD;
        } else if (reader.accept("MANIFEST")) {
            manifest = true;
        } else if (accept("REGION")) {
            region = clauses.text();
        } else if (accept("ENCODING")) {
            encoding();
        } else {
            return false;
        }
        return true;
    }

    private boolean formatName() {
        if (reader.accept("CSV")) {
            format = new Csv(',', '"');
        } else if (reader.accept("PARQUET")) {
            format = new Parquet();
        } else if (accept("JSON")) {
            format = new Json(nextIsText() ? clauses.text() : "auto");
        } else if (accept("FIXEDWIDTH")) {
            format = new FixedWidth(widths(clauses.text()));
        } else {
            return false;
        }
        return true;
    }

    private boolean nextIsText() {
        return reader.seesString();
    }

    /** {@code 'name:3,other:10'} */
    private static List<Integer> widths(String text) {
        var widths = new ArrayList<Integer>();
        for (var part : text.split(",")) {
            var number = part.substring(part.lastIndexOf(':') + 1).strip();
            if (!number.matches("[1-9]\\d{0,6}")) {
                throw SqlFailure.of(
                        SqlState.INTERNAL_ERROR,
                        "FIXEDWIDTH '%s' must be of the form 'column:width,column:width'".formatted(text));
            }
            widths.add(Integer.parseInt(number));
        }
        return widths;
    }

    private void encoding() {
        var name = reader.seesString() ? clauses.text() : reader.name();
        if (!name.replace("-", "").equalsIgnoreCase("utf8")) {
            throw SqlFailure.unsupported("COPY with ENCODING %s; write the files in UTF8, any other".formatted(name));
        }
    }

    /** What is said of values. */
    private boolean conversion() {
        if (accept("NULL")) {
            nullString = S3Clauses.unescaped(clauses.text());
        } else if (reader.accept("EMPTYASNULL")) {
            emptyAsNull = true;
        } else if (reader.accept("BLANKSASNULL")) {
            blanksAsNull = true;
        } else if (reader.accept("TRIMBLANKS")) {
            trimBlanks = true;
        } else if (reader.accept("TRUNCATECOLUMNS")) {
            truncate = true;
        } else if (reader.accept("ROUNDEC")) {
            round = true;
        } else if (accept("DATEFORMAT")) {
            dateFormat = clauses.text();
        } else if (accept("TIMEFORMAT")) {
            timeFormat = clauses.text();
        } else if (accept("ACCEPTINVCHARS")) {
            replacement = reader.seesString() ? clauses.character("ACCEPTINVCHARS") : '?';
        } else if (accept("IGNOREHEADER")) {
            skippedLines = reader.number();
        } else if (reader.accept("IGNOREBLANKLINES")) {
            skipsBlankLines = true;
        } else if (reader.accept("FILLRECORD")) {
            fillRecord = true;
        } else if (reader.accept("EXPLICIT_IDS")) {
            explicitIds = true;
        } else if (reader.accept("ACCEPTANYDATE")) {
            throw SqlFailure.unsupported("COPY with ACCEPTANYDATE");
        } else {
            return false;
        }
        return true;
    }

    /** What is said of the load as a whole. */
    private boolean load() {
        if (accept("MAXERROR")) {
            maxErrors = reader.number();
            if (maxErrors < 0 || maxErrors > MOST_ERRORS) {
                throw SqlFailure.of(
                        SqlState.INTERNAL_ERROR,
                        "MAXERROR must be from 0 to %d, and %d is not".formatted(MOST_ERRORS, maxErrors));
            }
        } else if (reader.accept("NOLOAD")) {
            noLoad = true;
        } else if (reader.accept("COMPUPDATE")) {
            // The engine chooses each block's compression itself.
            if (!reader.accept("PRESET")) {
                clauses.isOn();
            }
        } else if (reader.accept("STATUPDATE")) {
            clauses.isOn(); // the engine's statistics are always up to date
        } else if (reader.accept("COMPROWS")) {
            reader.number();
        } else {
            return false;
        }
        return true;
    }

    private boolean accept(String option) {
        if (!reader.accept(option)) {
            return false;
        }
        reader.accept("AS");
        return true;
    }
}
