package dev.groundplane.warehouse.unload;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdOutputStream;
import dev.groundplane.warehouse.sql.UnloadCommand;
import dev.groundplane.warehouse.storage.S3Location;
import dev.groundplane.warehouse.storage.S3Upload;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Sends files to S3, several at once; all of them or none. Each of the warehouse's uploads holds 8 MiB of memory at most, and no
 * more of them go on at a time than there are slots, whoever's they are. Close it to end what is under way.
 */
final class Uploads implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Uploads.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** How long a statement that fails waits until what it sent is gone; when S3 does not answer that goes on without it. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final S3Client s3;
    private final Semaphore slots;
    private final UnloadCommand command;
    /** Virtual, so that an interrupt also breaks the connection on which one waits for S3. */
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("upload-", 0).factory());

    private final Queue<S3Location> sent = new ConcurrentLinkedQueue<>();
    private boolean complete;

    /**
     * @param s3 stays the caller's to close
     * @param slots one permit for each upload that may go on
     */
    Uploads(S3Client s3, Semaphore slots, UnloadCommand command) {
        this.s3 = s3;
        this.slots = slots;
        this.command = command;
    }

    /** A file and where it goes. */
    record File(Path path, S3Location location) {}

    /**
     * Sends all files, and the manifest if there is to be one.
     *
     * @param columns for a verbose manifest
     */
    void send(List<File> files, S3Location target, List<Projection.Column> columns, long rows)
            throws IOException, InterruptedException {
        var running = new ArrayList<Future<Long>>();
        files.forEach(file -> running.add(threads.submit(() -> send(file))));
        var bytes = new ArrayList<Long>();
        for (var one : running) {
            bytes.add(sent(one));
        }
        if (command.manifest()) {
            var manifest = JSON.writeValueAsBytes(new Manifest(columns, rows, command.verbose()).of(files, bytes));
            var _ = sent(threads.submit(() -> send(manifest, target.plus("manifest"))));
        }
    }

    private static long sent(Future<Long> upload) throws IOException, InterruptedException {
        try {
            return upload.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        }
    }

    /** Closing takes nothing back from now on. */
    void complete() {
        complete = true;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        if (complete) {
            return;
        }
        var back = Thread.ofVirtual().name("upload-back").start(this::takeBack);
        try {
            if (!back.join(PATIENCE)) {
                log.warn("S3 does not answer; files of an UNLOAD that failed are still there: {}", sent);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void takeBack() {
        threads.close(); // none comes after it was deleted
        sent.forEach(this::delete);
    }

    private long send(File file) throws IOException, InterruptedException {
        slots.acquire();
        try (var upload = new S3Upload(s3, file.location())) {
            // What compresses writes its last bytes when it is closed, which must not close the upload.
            try (var content = compressed(new Unclosed(upload))) {
                Files.copy(file.path(), content);
            }
            return finish(upload, file.location());
        } finally {
            slots.release();
        }
    }

    private long finish(S3Upload upload, S3Location location) {
        try {
            var bytes = upload.finish();
            sent.add(location);
            return bytes;
        } catch (SdkClientException e) {
            sent.add(location); // S3 did not answer: it may be there
            throw e;
        }
    }

    private long send(byte[] content, S3Location location) throws InterruptedException {
        slots.acquire();
        try (var upload = new S3Upload(s3, location)) {
            upload.write(content, 0, content.length);
            return finish(upload, location);
        } finally {
            slots.release();
        }
    }

    private OutputStream compressed(OutputStream output) throws IOException {
        return switch (command.compression()) {
            case NONE -> output;
            case GZIP -> new GZIPOutputStream(output);
            case BZIP2 -> new BZip2CompressorOutputStream(output);
            case ZSTD -> new ZstdOutputStream(output);
        };
    }

    private void delete(S3Location location) {
        try {
            s3.deleteObject(request -> request.bucket(location.bucket()).key(location.key()));
        } catch (SdkException e) {
            log.warn("{} of an UNLOAD that failed stays", location, e);
        }
    }

    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream output) {
            super(output);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
