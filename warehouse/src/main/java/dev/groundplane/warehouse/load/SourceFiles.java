package dev.groundplane.warehouse.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.CopyCommand;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.storage.S3Failures;
import dev.groundplane.warehouse.storage.S3Location;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Which files a command means. */
final class SourceFiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** As a row: they are read as a whole. */
    private static final int LARGEST = Lines.LONGEST_ROW;

    private final S3Client s3;

    SourceFiles(S3Client s3) {
        this.s3 = s3;
    }

    /**
     * The files, in the order of their keys or of the manifest.
     *
     * @throws SqlFailure when there are none, or S3 refuses
     */
    List<SourceFile> of(CopyCommand command) {
        var source = S3Location.of(command.source());
        try {
            var files = command.manifest() ? listed(source) : withPrefix(source);
            if (files.isEmpty()) {
                throw SqlFailure.of(
                        SqlState.INTERNAL_ERROR, "The specified S3 prefix '%s' does not exist".formatted(source.key()));
            }
            return files;
        } catch (SdkException e) {
            throw S3Failures.of(e, source.toString());
        }
    }

    private List<SourceFile> withPrefix(S3Location prefix) {
        var files = new ArrayList<SourceFile>();
        s3.listObjectsV2Paginator(request -> request.bucket(prefix.bucket()).prefix(prefix.key()))
                .contents()
                .forEach(object -> {
                    if (!object.key().endsWith("/")) {
                        files.add(new SourceFile(new S3Location(prefix.bucket(), object.key()), object.size()));
                    }
                });
        return files;
    }

    /** @return those that a manifest lists; one that is missing may be when its entry is not mandatory */
    private List<SourceFile> listed(S3Location manifest) {
        var entries = read(manifest).path("entries");
        if (!entries.isArray()) {
            throw SqlFailure.of(
                    SqlState.INTERNAL_ERROR,
                    "Problem reading manifest file %s: it has no array \"entries\"".formatted(manifest));
        }
        var files = new ArrayList<SourceFile>();
        for (var entry : entries) {
            var location = S3Location.of(entry.path("url").asText());
            try {
                var size = s3.headObject(
                                request -> request.bucket(location.bucket()).key(location.key()))
                        .contentLength();
                files.add(new SourceFile(location, size));
            } catch (NoSuchKeyException e) {
                if (entry.path("mandatory").asBoolean(false)) {
                    throw SqlFailure.of(
                            SqlState.INTERNAL_ERROR,
                            "The specified S3 file of manifest %s does not exist: %s".formatted(manifest, location));
                }
            }
        }
        return files;
    }

    /**
     * Reads a small file of JSON.
     *
     * @throws SqlFailure when it is none, or larger than 4 MB
     */
    JsonNode read(S3Location location) {
        try (var content =
                s3.getObject(request -> request.bucket(location.bucket()).key(location.key()))) {
            var bytes = content.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                content.abort(); // nobody reads the rest
                throw SqlFailure.of(
                        SqlState.INTERNAL_ERROR,
                        "Problem reading %s: a manifest or a file of JSONPaths has 4 MB at most".formatted(location));
            }
            return JSON.readTree(bytes);
        } catch (SdkException e) {
            throw S3Failures.of(e, location.toString());
        } catch (IOException e) {
            throw SqlFailure.of(SqlState.INTERNAL_ERROR, "Problem reading %s: %s".formatted(location, e.getMessage()));
        }
    }
}
