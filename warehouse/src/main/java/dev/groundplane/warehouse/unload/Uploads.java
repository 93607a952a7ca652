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
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** Sends files to S3, several at once; all of them or none. */
final class Uploads {
    private static final Logger log = LoggerFactory.getLogger(Uploads.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARALLEL = 4;

    private final S3Client s3;
    private final UnloadCommand command;
    private final Queue<S3Location> sent = new ConcurrentLinkedQueue<>();

    Uploads(S3Client s3, UnloadCommand command) {
        this.s3 = s3;
        this.command = command;
    }

    /** A file and where it goes. */
    record File(Path path, S3Location location) {}

    /** @param columns for a verbose manifest */
    void send(List<File> files, S3Location target, List<Projection.Column> columns, long rows) throws IOException {
        var complete = false;
        try {
            var bytes = sendAll(files);
            if (command.manifest()) {
                var manifest = new Manifest(columns, rows, command.verbose()).of(files, bytes);
                send(JSON.writeValueAsBytes(manifest), target.plus("manifest"));
            }
            complete = true;
        } finally {
            if (!complete) {
                sent.forEach(this::delete);
            }
        }
    }

    /** The bytes of each in S3. */
    private List<Long> sendAll(List<File> files) throws IOException {
        try (var threads = Executors.newFixedThreadPool(PARALLEL)) {
            var running = new ArrayList<Future<Long>>();
            files.forEach(file -> running.add(threads.submit(() -> send(file))));
            var bytes = new ArrayList<Long>();
            try {
                for (var one : running) {
                    bytes.add(one.get());
                }
                return bytes;
            } catch (ExecutionException e) {
                running.forEach(one -> one.cancel(false));
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new IOException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }

    private long send(File file) throws IOException {
        try (var upload = new S3Upload(s3, file.location())) {
            // What compresses writes its last bytes when it is closed, which must not close the upload.
            try (var content = compressed(new Unclosed(upload))) {
                Files.copy(file.path(), content);
            }
            var bytes = upload.finish();
            sent.add(file.location());
            return bytes;
        }
    }

    private void send(byte[] content, S3Location location) {
        try (var upload = new S3Upload(s3, location)) {
            upload.write(content, 0, content.length);
            upload.finish();
            sent.add(location);
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
