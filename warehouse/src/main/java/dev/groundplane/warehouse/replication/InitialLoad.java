package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.storage.Staging;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Copies one table's rows as a transaction of the source sees them. While the engine takes one file in, the next one is written. For
 * one thread.
 */
final class InitialLoad {
    private static final long FILE_BYTES = 8L << 20;

    private final EngineSession engine;
    private final Rows.Opener source;
    private final Staging staging;
    private final LongConsumer progress;
    private long bytes;

    /**
     * @param source has the rows of the snapshot that is copied
     * @param progress told how many rows were copied, now and then
     */
    InitialLoad(EngineSession engine, Rows.Opener source, Staging staging, LongConsumer progress) {
        this.engine = engine;
        this.source = source;
        this.staging = staging;
        this.progress = progress;
    }

    /**
     * Makes the table with the source's rows, in place of the one there was, within the session's transaction.
     *
     * @return how many rows it has
     */
    long copy(SourceTable table) throws SQLException, IOException, InterruptedException {
        new TableAlteration(engine).create(table);
        try (var area = staging.open();
                var reader = Executors.newSingleThreadExecutor(
                        Thread.ofVirtual().name("initial load").factory())) {
            var rows = source.open(table);
            var copied = 0L;
            var number = 0;
            var next = reader.submit(() -> file(rows, area, 0));
            try {
                for (var file = get(next); file != null; file = get(next)) {
                    number++;
                    var following = number;
                    next = reader.submit(() -> file(rows, area, following));
                    bytes += Files.size(file);
                    copied += take(table, file);
                    area.remove(file);
                    progress.accept(copied);
                }
                return copied;
            } finally {
                if (rows.areLeft()) {
                    next.cancel(true);
                    rows.cancel();
                }
            }
        }
    }

    /** How many bytes its rows had, as the source wrote them. */
    long bytes() {
        return bytes;
    }

    /** The next rows in a file of their own; null when there are none. */
    private static @Nullable Path file(Rows rows, Staging.Area area, int number) throws SQLException, IOException {
        var row = rows.next();
        if (row == null) {
            return null;
        }
        var path = area.resolve(number + ".csv");
        try (OutputStream output = new BufferedOutputStream(area.create(path), 1 << 18)) {
            for (var bytes = 0L; row != null; row = bytes < FILE_BYTES ? rows.next() : null) {
                area.reserve(row.length);
                output.write(row);
                bytes += row.length;
            }
        }
        return path;
    }

    private static @Nullable Path get(Future<@Nullable Path> file)
            throws SQLException, IOException, InterruptedException {
        try {
            return file.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case SQLException failure -> throw failure;
                case IOException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    private long take(SourceTable table, Path file) throws SQLException {
        var columns = IntStream.range(0, table.columns().size())
                .mapToObj("'c%d': 'VARCHAR'"::formatted)
                .collect(Collectors.joining(", "));
        try (var insert =
                engine.prepare(("INSERT INTO %s SELECT %s FROM read_csv('%s', columns = {%s}, auto_detect = false,"
                                + " header = false, delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false,"
                                + " max_line_size = 1073741824) AS s")
                        .formatted(
                                TableWriter.name(engine, table),
                                TableWriter.values(table, "s"),
                                file.toString().replace("'", "''"),
                                columns))) {
            engine.execute(insert);
            return insert.getUpdateCount();
        }
    }
}
