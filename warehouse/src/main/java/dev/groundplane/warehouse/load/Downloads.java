package dev.groundplane.warehouse.load;

import com.github.luben.zstd.ZstdInputStream;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.Compression;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.storage.S3Failures;
import dev.groundplane.warehouse.storage.Staging;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Brings files of S3 into the staging directory, several at once, while those that are there already are loaded. For one thread at
 * a time; closing it ends what is under way. Its threads are virtual, so that an interrupt also breaks the connection on which one
 * waits for S3.
 */
final class Downloads implements AutoCloseable {
    private static final int PARALLEL = 4;
    private static final int BUFFER = 256 * 1024;
    /** The engine takes as long for one small file as for hundreds: less is not given to it while more comes. */
    private static final long ENOUGH_BYTES = 1 << 20;

    private final S3Client s3;
    private final Staging.Area area;
    private final Compression compression;
    private final List<SourceFile> files;
    private final BlockingQueue<Outcome> done = new LinkedBlockingQueue<>();
    private final AtomicInteger next = new AtomicInteger();
    private final Window window;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            PARALLEL, Thread.ofVirtual().name("download-", 0).factory());
    private final long enoughBytes;
    private int left;

    private record Outcome(
            @Nullable StagedFile file, @Nullable RuntimeException failure) {}

    /** Begins to download. */
    Downloads(S3Client s3, Staging staging, Staging.Area area, Compression compression, List<SourceFile> files) {
        this.s3 = s3;
        this.area = area;
        this.compression = compression;
        this.files = files.stream().filter(file -> file.bytes() > 0).toList();
        this.window = new Window(staging.capacityBytes() / 4);
        this.enoughBytes = Math.min(ENOUGH_BYTES, staging.capacityBytes() / 8); // what waits must not fill the window
        this.left = this.files.size();
        for (var i = 0; i < Math.min(PARALLEL, left); i++) {
            threads.execute(this::download);
        }
    }

    /**
     * The files that have come since the last time; waits for some at least that are worth it. Empty when all were given.
     *
     * @throws SqlFailure when one cannot be had
     */
    List<StagedFile> take() throws InterruptedException {
        if (left == 0) {
            return List.of();
        }
        var outcomes = new ArrayList<Outcome>();
        for (var bytes = 0L; outcomes.size() < left && bytes < enoughBytes; ) {
            var outcome = done.take();
            outcomes.add(outcome);
            bytes += outcome.failure() != null ? enoughBytes : bytes(outcome);
        }
        done.drainTo(outcomes);
        left -= outcomes.size();
        var batch = new ArrayList<StagedFile>();
        for (var outcome : outcomes) {
            if (outcome.failure() != null) {
                throw outcome.failure();
            }
            if (outcome.file() != null) {
                batch.add(outcome.file());
            }
        }
        return batch;
    }

    private static long bytes(Outcome outcome) {
        return outcome.file() == null ? 0 : outcome.file().bytes();
    }

    /** Deletes files that were loaded, which makes room for others. */
    void remove(List<StagedFile> loaded) throws IOException {
        for (var file : loaded) {
            window.leave(file.bytes());
            area.remove(file.path());
        }
    }

    private void download() {
        for (var i = next.getAndIncrement(); i < files.size() && !threads.isShutdown(); i = next.getAndIncrement()) {
            try {
                window.await();
                done.add(new Outcome(download(files.get(i), i), null));
            } catch (SdkException e) {
                done.add(new Outcome(
                        null, S3Failures.of(e, files.get(i).location().toString())));
            } catch (IOException e) {
                done.add(new Outcome(
                        null,
                        SqlFailure.of(
                                SqlState.INTERNAL_ERROR,
                                "cannot read %s: %s".formatted(files.get(i).location(), e.getMessage()))));
            } catch (RuntimeException e) { // the outermost loop of the thread; whoever waits is told
                done.add(new Outcome(null, e));
            } catch (InterruptedException closed) {
                return;
            }
        }
    }

    private StagedFile download(SourceFile file, int number) throws IOException {
        var path = area.resolve(Integer.toString(number));
        var lines = new BlankLines();
        var bytes = 0L;
        try (var raw = new ObjectContent(
                        s3.getObject(request -> request.bucket(file.location().bucket())
                                .key(file.location().key())),
                        file.location());
                var content = decompressed(raw);
                var output = area.create(path)) {
            var buffer = new byte[BUFFER];
            for (var read = content.readNBytes(buffer, 0, BUFFER);
                    read > 0;
                    read = content.readNBytes(buffer, 0, BUFFER)) {
                area.reserve(read);
                window.enter(read);
                lines.see(buffer, read);
                write(output, buffer, read);
                bytes += read;
            }
        }
        return new StagedFile(file, path, bytes, lines.found());
    }

    private static void write(OutputStream output, byte[] buffer, int count) {
        try {
            output.write(buffer, 0, count);
        } catch (IOException e) {
            throw SqlFailure.of(SqlState.DISK_FULL, "a file of S3 cannot be kept here: " + e.getMessage());
        }
    }

    private InputStream decompressed(InputStream content) throws IOException {
        return switch (compression) {
            case NONE -> content;
            case GZIP -> new GZIPInputStream(content, BUFFER);
            case BZIP2 -> new BZip2CompressorInputStream(content, true);
            case ZSTD -> new ZstdInputStream(content);
        };
    }

    @Override
    public void close() {
        threads.shutdownNow(); // what one of them writes from now on the area refuses
        s3.close();
    }
}
