package dev.groundplane.warehouse.unload;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.UnloadCommand;
import dev.groundplane.warehouse.storage.S3Failures;
import dev.groundplane.warehouse.storage.S3Location;
import dev.groundplane.warehouse.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** One {@code UNLOAD}. What fails leaves nothing in S3 that was not there before. */
public final class Unload {
    private final EngineSession engine;
    private final Duration limit;
    private final String user;
    private final Storage storage;
    private final UnloadCommand command;
    private final String query;

    /**
     * @param limit for all that it does; zero for none
     * @param user whose statement it is
     * @param query what is unloaded, in the engine's SQL
     */
    public Unload(
            EngineSession engine, Duration limit, String user, Storage storage, UnloadCommand command, String query) {
        this.engine = engine;
        this.limit = limit;
        this.user = user;
        this.storage = storage;
        this.command = command;
        this.query = query;
    }

    /**
     * Unloads.
     *
     * @return how many rows
     * @throws SqlFailure when there is something already, or S3 refuses
     */
    public long run() throws SQLException {
        return engine.within(limit, this::unload);
    }

    private long unload() throws SQLException {
        var target = S3Location.of(command.target());
        try (var s3 = engine.outside(() -> storage.s3(command.authorization(), command.region(), user));
                var area = storage.staging().open();
                var uploads = new Uploads(s3, storage.uploads(), command)) {
            var present = engine.outside(() -> present(s3, target));
            if (!present.isEmpty() && !command.allowsOverwrite() && !command.cleansPath()) {
                throw SqlFailure.of(
                        SqlState.INTERNAL_ERROR,
                        "Specified unload destination on S3 is not empty. Consider using a different bucket / prefix,"
                                + " manually removing the target files in S3, or using the ALLOWOVERWRITE option.");
            }
            var columns = columns(query);
            var output = area.resolve("rows");
            var rows = write(Projection.of(command, query, columns), output);
            for (var path : files(output)) {
                area.reserve(Files.size(path));
            }
            var files = names(target, output);
            engine.outside(() -> {
                if (command.cleansPath()) {
                    for (var key : present) {
                        s3.deleteObject(
                                request -> request.bucket(target.bucket()).key(key));
                    }
                }
                uploads.send(files, target, columns, rows);
                return files;
            });
            uploads.complete();
            engine.run("SET VARIABLE pg_last_unload_count = %d".formatted(rows));
            return rows;
        } catch (SdkException e) {
            throw S3Failures.of(e, command.target());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> present(S3Client s3, S3Location target) {
        return s3
                .listObjectsV2Paginator(
                        request -> request.bucket(target.bucket()).prefix(target.key()))
                .contents()
                .stream()
                .map(object -> object.key())
                .toList();
    }

    private List<Projection.Column> columns(String query) throws SQLException {
        try (var prepared = engine.prepare(query)) {
            var described = prepared.getMetaData();
            var columns = new ArrayList<Projection.Column>();
            for (var i = 1; i <= described.getColumnCount(); i++) {
                columns.add(new Projection.Column(described.getColumnName(i), described.getColumnTypeName(i)));
            }
            return columns;
        }
    }

    private long write(Projection projection, Path output) throws SQLException {
        var options = new StringBuilder(projection.options());
        if (command.partition().isEmpty() && command.parallel()) {
            options.append(
                    command.largestFileBytes() > 0
                            ? ", FILE_SIZE_BYTES " + command.largestFileBytes()
                            : ", PER_THREAD_OUTPUT true");
        }
        try (var copy = engine.prepare(
                "COPY (%s) TO %s (%s)".formatted(projection.sql(), Names.literal(output.toString()), options))) {
            return write(copy, output);
        }
    }

    private long write(PreparedStatement copy, Path output) throws SQLException {
        try (var overflow = new Overflow(engine, output, storage.staging().capacityBytes())) {
            try {
                engine.execute(copy);
                return copy.getUpdateCount();
            } catch (SQLException e) {
                if (overflow.happened()) {
                    throw storage.staging().full();
                }
                throw e;
            }
        }
    }

    private static List<Path> files(Path output) throws IOException {
        try (var walk = Files.walk(output)) {
            return walk.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        }
    }

    /** Where each file goes, named as Redshift does. */
    private List<Uploads.File> names(S3Location target, Path output) throws IOException {
        var files = new ArrayList<Uploads.File>();
        for (var path : files(output)) {
            var number = files.size();
            String name;
            if (!command.partition().isEmpty()) {
                var folder = output.relativize(path.getParent()).toString();
                name = "%s%s/%04d_part_00".formatted(target.key().endsWith("/") ? "" : "/", folder, number);
            } else {
                name = (command.parallel() ? "%04d_part_00" : "%03d").formatted(number);
            }
            files.add(new Uploads.File(path, target.plus(name + command.extension())));
        }
        return files;
    }
}
