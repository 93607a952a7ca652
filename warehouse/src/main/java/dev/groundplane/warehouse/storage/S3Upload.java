package dev.groundplane.warehouse.storage;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Writes an object, in parts when it is large. It is there when it was finished; if it was not, closing leaves nothing of it in
 * S3. Holds one part in memory, of 8 MiB at most. For one thread.
 */
public final class S3Upload extends OutputStream {
    private static final int PART = 8 << 20;

    private final S3Client s3;
    private final S3Location location;
    private byte[] part = new byte[64 << 10];
    private final List<CompletedPart> parts = new ArrayList<>();
    private @Nullable String upload;
    private int used;
    private long written;
    private boolean finished;

    /** @param s3 stays the caller's to close */
    public S3Upload(S3Client s3, S3Location location) {
        this.s3 = s3;
        this.location = location;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** @throws software.amazon.awssdk.core.exception.SdkException when S3 refuses */
    @Override
    public void write(byte[] bytes, int offset, int length) {
        for (var done = 0; done < length; ) {
            if (used == PART) {
                sendPart();
            }
            var count = Math.min(length - done, PART - used);
            if (used + count > part.length) {
                part = Arrays.copyOf(part, Math.min(PART, Math.max(used + count, 2 * part.length)));
            }
            System.arraycopy(bytes, offset + done, part, used, count);
            used += count;
            done += count;
        }
        written += length;
    }

    private void sendPart() {
        if (upload == null) {
            upload = s3.createMultipartUpload(
                            request -> request.bucket(location.bucket()).key(location.key()))
                    .uploadId();
        }
        var number = parts.size() + 1;
        var id = upload;
        var sent = s3.uploadPart(
                request -> request.bucket(location.bucket())
                        .key(location.key())
                        .uploadId(id)
                        .partNumber(number),
                content());
        parts.add(CompletedPart.builder().partNumber(number).eTag(sent.eTag()).build());
        used = 0;
    }

    /** What is in the part now; the SDK's own bodies of bytes are copies. */
    private RequestBody content() {
        var bytes = part;
        var length = used;
        return RequestBody.fromContentProvider(
                () -> new ByteArrayInputStream(bytes, 0, length), length, "application/octet-stream");
    }

    /**
     * Makes it an object.
     *
     * @return its bytes
     */
    public long finish() {
        if (upload == null) {
            s3.putObject(request -> request.bucket(location.bucket()).key(location.key()), content());
        } else {
            sendPart();
            var id = upload;
            s3.completeMultipartUpload(request -> request.bucket(location.bucket())
                    .key(location.key())
                    .uploadId(id)
                    .multipartUpload(all -> all.parts(parts)));
        }
        finished = true;
        return written;
    }

    @Override
    public void close() {
        if (finished || upload == null) {
            return;
        }
        var id = upload;
        var interrupted = Thread.interrupted(); // which would keep the call from being made
        try {
            s3.abortMultipartUpload(request ->
                    request.bucket(location.bucket()).key(location.key()).uploadId(id));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
