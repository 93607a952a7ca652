package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads an {@code UNLOAD}; its options may come in any order. For one statement. */
final class UnloadParser {
    private static final List<String> REFUSED =
            List.of("ENCRYPTED", "KMS_KEY_ID", "MASTER_SYMMETRIC_KEY", "FIXEDWIDTH", "ROWGROUPSIZE", "ICEBERG");
    private static final long SMALLEST_FILE = 5L << 20;
    private static final long LARGEST_FILE = (long) (6.2 * (1L << 30));

    private final TokenReader reader;
    private final S3Clauses clauses;
    private @Nullable String region;
    private String format = "";
    private @Nullable Character delimiter;
    private String nullString = "";
    private boolean header;
    private boolean addQuotes;
    private boolean escape;
    private Compression compression = Compression.NONE;
    private List<String> partition = List.of();
    private boolean includesPartition;
    private boolean parallel = true;
    private long largestFileBytes;
    private boolean manifest;
    private boolean verbose;
    private boolean allowsOverwrite;
    private boolean cleansPath;
    private @Nullable String extension;

    UnloadParser(List<Token> tokens) {
        this.reader = new TokenReader(tokens);
        this.clauses = new S3Clauses(reader);
    }

    UnloadCommand parse() {
        reader.expect("UNLOAD");
        reader.expect("(");
        var query = query();
        reader.expect(")");
        reader.expect("TO");
        var target = clauses.location("UNLOAD TO");
        while (!reader.atEnd()) {
            if (!clauses.authorization() && !file() && !place()) {
                clauses.refuse("UNLOAD", REFUSED);
                throw reader.unexpected();
            }
        }
        if (!parallel && largestFileBytes > 0) {
            throw SqlFailure.unsupported("UNLOAD with MAXFILESIZE and PARALLEL OFF together");
        }
        return new UnloadCommand(
                query,
                target,
                clauses.given(),
                Optional.ofNullable(region),
                format(),
                compression,
                partition,
                includesPartition,
                parallel,
                largestFileBytes,
                manifest,
                verbose,
                allowsOverwrite,
                cleansPath,
                extension());
    }

    private Statement query() {
        if (!reader.seesString()) {
            throw reader.unexpected();
        }
        var statements = Statement.all(reader.take().string());
        if (statements.size() != 1
                || !List.of("SELECT", "WITH", "").contains(statements.getFirst().verb())) {
            throw SqlFailure.of(SqlState.SYNTAX_ERROR, "UNLOAD takes one query, which begins with SELECT or WITH");
        }
        SupportedStatements.check(statements.getFirst());
        return statements.getFirst();
    }

    private UnloadFormat format() {
        if (format.equals("PARQUET") || format.equals("JSON")) {
            require(delimiter == null, "DELIMITER");
            require(!header, "HEADER");
            require(nullString.isEmpty(), "NULL AS");
            require(!addQuotes, "ADDQUOTES");
            require(!escape, "ESCAPE");
            require(format.equals("JSON") || compression == Compression.NONE, compression.name());
            return format.equals("JSON") ? new UnloadFormat.Json() : new UnloadFormat.Parquet();
        }
        if (format.equals("CSV")) {
            require(!addQuotes, "ADDQUOTES");
            require(!escape, "ESCAPE");
            return new UnloadFormat.Csv(delimiter == null ? ',' : delimiter, nullString, header);
        }
        return new UnloadFormat.Delimited(delimiter == null ? '|' : delimiter, nullString, header, addQuotes, escape);
    }

    private void require(boolean fits, String option) {
        if (!fits) {
            throw SqlFailure.of(
                    SqlState.SYNTAX_ERROR, "conflicting or redundant options: %s and %s".formatted(format, option));
        }
    }

    private String extension() {
        if (extension != null) {
            return extension.isEmpty() || extension.startsWith(".") ? extension : "." + extension;
        }
        return (format.equals("PARQUET") ? ".parquet" : "") + compression.extension();
    }

    /** What is said of the files. */
    private boolean file() {
        if (reader.accept("FORMAT")) {
            reader.accept("AS");
            if (!formatName()) {
                clauses.refuse("UNLOAD", REFUSED);
                throw reader.unexpected();
            }
        } else if (formatName()) {
            return true;
        } else if (accept("DELIMITER")) {
            delimiter = clauses.character("DELIMITER");
        } else if (accept("NULL")) {
            nullString = S3Clauses.unescaped(clauses.text());
        } else if (reader.accept("HEADER")) {
            header = true;
        } else if (reader.accept("ADDQUOTES")) {
            addQuotes = true;
        } else if (reader.accept("ESCAPE")) {
            escape = true;
        } else if (reader.accept("GZIP")) {
            compression = Compression.GZIP;
        } else if (reader.accept("BZIP2")) {
            compression = Compression.BZIP2;
        } else if (reader.accept("ZSTD")) {
            compression = Compression.ZSTD;
        } else {
            return false;
        }
        return true;
    }

    private boolean formatName() {
        for (var name : List.of("CSV", "PARQUET", "JSON")) {
            if (reader.accept(name)) {
                format = name;
                return true;
            }
        }
        return false;
    }

    /** What is said of where they are. */
    private boolean place() {
        if (reader.accept("PARTITION")) {
            reader.expect("BY");
            partition = reader.names();
            includesPartition = reader.accept("INCLUDE");
        } else if (reader.accept("PARALLEL")) {
            parallel = clauses.isOn();
        } else if (accept("MAXFILESIZE")) {
            largestFileBytes = size();
        } else if (reader.accept("MANIFEST")) {
            manifest = true;
            verbose = reader.accept("VERBOSE");
        } else if (reader.accept("ALLOWOVERWRITE")) {
            allowsOverwrite = true;
        } else if (reader.accept("CLEANPATH")) {
            cleansPath = true;
        } else if (accept("EXTENSION")) {
            extension = clauses.text();
        } else if (accept("REGION")) {
            region = clauses.text();
        } else {
            return false;
        }
        return true;
    }

    /** Megabytes where nothing else is said. */
    private long size() {
        var number = reader.take();
        var unit = reader.accept("GB") ? 1L << 30 : 1L << 20;
        reader.accept("MB");
        try {
            var bytes = new BigDecimal(number.text())
                    .multiply(BigDecimal.valueOf(unit))
                    .longValue();
            if (bytes < SMALLEST_FILE || bytes > LARGEST_FILE) {
                throw SqlFailure.of(
                        SqlState.INTERNAL_ERROR,
                        "MAXFILESIZE must be from 5 MB to 6.2 GB, and %s is not".formatted(number.text()));
            }
            return bytes;
        } catch (NumberFormatException e) {
            throw SqlFailure.syntax("syntax error at or near \"%s\"".formatted(number.text()), number.start());
        }
    }

    private boolean accept(String option) {
        if (!reader.accept(option)) {
            return false;
        }
        reader.accept("AS");
        return true;
    }
}
