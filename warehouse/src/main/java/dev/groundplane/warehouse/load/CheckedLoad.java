package dev.groundplane.warehouse.load;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.CopyCommand;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.storage.Staging;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads files row by row, tells what is wrong with those that are bad, and loads the others. */
final class CheckedLoad implements FileLoad {
    /** Rows may have 4 MB, so few of them are much to read. */
    private static final int CANCELLED_EVERY = 16;

    private static final int LONGEST_RAW_LINE = 1024;

    private final EngineSession engine;
    private final CopyCommand command;
    private final TargetTable table;
    private final RecordReaders readers;
    private final FieldConversion conversion;
    private final List<LoadError> errors;
    private final boolean onlyChecks;

    /**
     * @param errors gets what is wrong
     * @param onlyChecks loads nothing and leaves the engine alone, whose transaction may have failed
     */
    CheckedLoad(
            EngineSession engine,
            CopyCommand command,
            TargetTable table,
            RecordReaders readers,
            List<LoadError> errors,
            boolean onlyChecks) {
        this.engine = engine;
        this.command = command;
        this.table = table;
        this.readers = readers;
        this.conversion = new FieldConversion(command.conversion());
        this.errors = errors;
        this.onlyChecks = onlyChecks;
    }

    @Override
    public long load(List<StagedFile> files, Staging.Area area) throws SQLException, IOException {
        if (onlyChecks) {
            var count = 0L;
            for (var file : files) {
                count += read(file, values -> {});
            }
            return count;
        }
        try (var batches = new Batches(area)) {
            for (var file : files) {
                read(file, batches);
            }
            batches.load();
            return batches.loaded;
        }
    }

    /** Takes the values of a good row. */
    private interface Sink {
        void add(List<@Nullable String> values) throws SQLException, IOException;
    }

    /** Has the engine load rows when there are many. */
    private final class Batches implements Sink, Closeable {
        private final Staging.Area area;
        private @Nullable RowFile rows;
        private long loaded;

        Batches(Staging.Area area) {
            this.area = area;
        }

        @Override
        public void add(List<@Nullable String> values) throws SQLException, IOException {
            if (rows == null) {
                rows = new RowFile(area, area.resolve("rows"), values.size());
            }
            rows.add(values);
            if (rows.isLarge()) {
                load();
            }
        }

        /** Loads those that are left. */
        void load() throws SQLException, IOException {
            if (rows != null) {
                rows.close();
                loaded += insert(rows);
                rows.delete();
                rows = null;
            }
        }

        @Override
        public void close() throws IOException {
            if (rows != null) {
                rows.close();
            }
        }
    }

    private long insert(RowFile rows) throws SQLException {
        var columns = table.columns();
        var values = IntStream.range(0, columns.size())
                .mapToObj(i -> FieldConversion.sql(columns.get(i), "c" + i))
                .collect(Collectors.joining(", "));
        try (var insert = engine.prepare("INSERT INTO %s (%s) SELECT %s FROM %s"
                .formatted(table.sqlName(), table.sqlColumns(), values, rows.source()))) {
            engine.execute(insert);
            return insert.getUpdateCount();
        }
    }

    private long read(StagedFile file, Sink sink) throws SQLException, IOException {
        var count = 0L;
        var records = 0L;
        try (var content = Files.newInputStream(file.path())) {
            var reader = readers.open(content);
            for (var record = reader.next(); record != null; record = reader.next()) {
                if (records++ % CANCELLED_EVERY == 0) {
                    engine.requireGoing();
                }
                var values = values(file, record);
                if (values != null) {
                    count++;
                    sink.add(values);
                }
            }
            return count;
        } catch (SqlFailure e) {
            throw SqlFailure.of(
                    e.report().sqlState(), "%s: %s".formatted(file.source().location(), e.getMessage()));
        }
    }

    /** The values of a record; null when there are none to load. */
    private @Nullable List<@Nullable String> values(StagedFile file, SourceRecord record) {
        if (isBlank(record) && command.skipsBlankLines()) {
            return null;
        }
        var fault = record.fault() == null ? shape(record) : record.fault();
        if (fault != null) {
            bad(file, record, null, 0, fault);
            return null;
        }
        var values = new ArrayList<@Nullable String>(table.columns().size());
        for (var i = 0; i < table.columns().size(); i++) {
            var column = table.columns().get(i);
            try {
                values.add(conversion.convert(
                        column, i < record.fields().size() ? record.fields().get(i) : null));
            } catch (BadField e) {
                bad(file, record, column, i, e.fault());
                return null;
            }
        }
        return values;
    }

    private static boolean isBlank(SourceRecord record) {
        return record.raw().isBlank() && record.fields().size() == 1;
    }

    /** What is wrong with the number of a record's fields; null for nothing. */
    private @Nullable FieldFault shape(SourceRecord record) {
        var wanted = table.columns().size();
        var found = record.fields().size();
        if (found == wanted || (found < wanted && command.fillRecord() && !isBlank(record))) {
            return null;
        }
        if (isBlank(record)) {
            return new FieldFault(FieldFault.EMPTY_LINE, "Input line contained no data");
        }
        return found > wanted
                ? new FieldFault(FieldFault.EXTRA_COLUMNS, "Extra column(s) found")
                : new FieldFault(FieldFault.NO_DELIMITER, "Delimiter not found");
    }

    private void bad(StagedFile file, SourceRecord record, @Nullable TargetColumn column, int field, FieldFault fault) {
        var value = column == null || field >= record.fields().size()
                ? ""
                : record.fields().get(field);
        var position = 0;
        for (var i = 0; i < Math.min(field, record.fields().size()); i++) {
            var before = record.fields().get(i);
            position += (before == null ? 0 : before.length()) + 1;
        }
        errors.add(new LoadError(
                file.source().location().toString(),
                record.line(),
                column,
                cut(record.raw()),
                cut(value == null ? "" : value),
                position,
                fault));
        if (errors.size() > command.maxErrors()) {
            throw new LoadFailed();
        }
    }

    private static String cut(String text) {
        return Utf8.shown(text.length() > LONGEST_RAW_LINE ? text.substring(0, LONGEST_RAW_LINE) : text);
    }
}
