package dev.groundplane.warehouse.copyjob;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.CopyCommand;
import dev.groundplane.warehouse.storage.S3Failures;
import dev.groundplane.warehouse.storage.S3Location;
import dev.groundplane.warehouse.storage.Storage;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/** Files that have landed, in a table of the session's own, because there may be millions. For one thread. */
final class Landing implements AutoCloseable {
    private static final String TABLE = "landed";

    private final EngineSession engine;
    private final Set<String> last;

    /** @param last keys that come after all others */
    Landing(EngineSession engine, Set<String> last) throws SQLException {
        this.engine = engine;
        this.last = last;
        engine.run(
                "CREATE OR REPLACE TEMP TABLE %s(name VARCHAR, bytes BIGINT, etag VARCHAR, modified TIMESTAMP, last BOOLEAN)"
                        .formatted(TABLE));
    }

    /** Its name in the engine's SQL. */
    String table() {
        return "temp.main." + TABLE;
    }

    void add(Collection<LandedFile> files) throws SQLException {
        try (var appender = engine.appender("temp", "main", TABLE)) {
            for (var file : files) {
                if (file.isFolder()) {
                    continue;
                }
                appender.beginRow();
                appender.append(file.key());
                appender.append(file.bytes());
                appender.append(file.etag());
                appender.append(Ledger.utc(file.modified()));
                appender.append(last.contains(file.key()));
                appender.endRow();
            }
        }
    }

    /**
     * Adds all that a command would load.
     *
     * @param user on whose behalf S3 is asked
     */
    void list(Storage storage, CopyCommand command, String user) throws SQLException {
        var prefix = S3Location.of(command.source());
        try (var s3 = engine.outside(() -> storage.s3(command.authorization(), command.region(), user))) {
            @Nullable String next = null;
            do {
                var from = next;
                var page = engine.outside(() -> s3.listObjectsV2(request ->
                        request.bucket(prefix.bucket()).prefix(prefix.key()).continuationToken(from)));
                add(page.contents().stream().map(LandedFile::of).toList());
                next = page.nextContinuationToken();
            } while (next != null);
        } catch (SdkException e) {
            throw S3Failures.of(e, prefix.toString());
        }
    }

    @Override
    public void close() throws SQLException {
        engine.run("DROP TABLE IF EXISTS " + table());
    }
}
