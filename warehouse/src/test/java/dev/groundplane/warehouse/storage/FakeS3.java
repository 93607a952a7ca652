package dev.groundplane.warehouse.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** One bucket in memory, whatever it is called. Its owner's access key is {@code owner}. */
public final class FakeS3 implements S3Connections {
    public final NavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
    /** Multipart uploads that were neither completed nor aborted, with their parts. */
    public final Map<String, NavigableMap<Integer, byte[]>> uploads = new ConcurrentHashMap<>();
    /** Writes fail from this many on. */
    public final AtomicInteger writesLeft = new AtomicInteger(Integer.MAX_VALUE);

    /** The operation that S3 does not answer, as in {@code putObject}; {@code content} never comes, although getObject answers. */
    public volatile String unanswered = "";
    /** The key that putObject makes late: when its caller was interrupted, and something was deleted or it had waited for that. */
    public volatile String late = "";
    /** Contents that were not closed. */
    public final AtomicInteger openStreams = new AtomicInteger();
    /** Keys of objects that nobody may read. */
    public final Set<String> denied = ConcurrentHashMap.newKeySet();
    /** Somebody waits for that. */
    public final CountDownLatch asked = new CountDownLatch(1);

    private final CountDownLatch deleted = new CountDownLatch(1);

    private final AtomicInteger lastUpload = new AtomicInteger();

    public void put(String key, String content) {
        objects.put(key, content.getBytes(StandardCharsets.UTF_8));
    }

    public String text(String key) {
        return new String(objects.get(key), StandardCharsets.UTF_8);
    }

    @Override
    public S3Client s3(AwsCredentials credentials, Optional<String> region) {
        return new Client(credentials.accessKeyId().equals("owner"));
    }

    @Override
    public AwsCredentials assume(AwsCredentials by, String role) {
        return AwsBasicCredentials.create("owner", "secret");
    }

    /** Waits until the caller is interrupted, as the SDK does on a virtual thread. */
    private void answer(String operation) {
        if (!operation.equals(unanswered)) {
            return;
        }
        asked.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw AbortedException.create("Thread was interrupted", e);
        }
    }

    private void putLate(String key, byte[] content) {
        asked.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            try {
                deleted.await(500, TimeUnit.MILLISECONDS);
            } catch (InterruptedException again) {
                throw new AssertionError(again);
            }
            objects.put(key, content);
            Thread.currentThread().interrupt();
            throw AbortedException.create("Thread was interrupted", e);
        }
    }

    private final class Client implements S3Client {
        private final boolean allowed;

        private Client(boolean allowed) {
            this.allowed = allowed;
        }

        private void require() {
            if (!allowed) {
                throw failure(403, "AccessDenied", "Access Denied");
            }
        }

        private void write() {
            require();
            if (writesLeft.getAndDecrement() <= 0) {
                throw failure(500, "InternalError", "We encountered an internal error");
            }
        }

        private static AwsServiceException failure(int status, String code, String message) {
            return S3Exception.builder()
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode(code)
                            .errorMessage(message)
                            .build())
                    .statusCode(status)
                    .requestId("0")
                    .build();
        }

        @Override
        public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
            answer("listObjectsV2");
            require();
            var prefix = request.prefix() == null ? "" : request.prefix();
            var found = objects.tailMap(prefix, true).entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith(prefix))
                    .map(entry -> S3Object.builder()
                            .key(entry.getKey())
                            .size((long) entry.getValue().length)
                            .eTag("\"%08x\"".formatted(Arrays.hashCode(entry.getValue())))
                            .lastModified(Instant.EPOCH)
                            .build())
                    .toList();
            return ListObjectsV2Response.builder()
                    .contents(found)
                    .isTruncated(false)
                    .build();
        }

        private byte[] content(String key) {
            require();
            if (denied.contains(key)) {
                throw failure(403, "AccessDenied", "Access Denied");
            }
            var content = objects.get(key);
            if (content == null) {
                throw NoSuchKeyException.builder().message(key).build();
            }
            return content;
        }

        @Override
        public HeadObjectResponse headObject(HeadObjectRequest request) {
            return HeadObjectResponse.builder()
                    .contentLength((long) content(request.key()).length)
                    .build();
        }

        @Override
        public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
            answer("getObject");
            var content = content(request.key());
            openStreams.incrementAndGet();
            var stream = new ByteArrayInputStream(content) {
                private boolean closed;

                @Override
                public synchronized void close() {
                    openStreams.addAndGet(closed ? 0 : -1);
                    closed = true;
                }

                @Override
                public synchronized int read(byte[] bytes, int offset, int length) {
                    answer("content");
                    return super.read(bytes, offset, length);
                }
            };
            try {
                return transformer.transform(
                        GetObjectResponse.builder()
                                .contentLength((long) content.length)
                                .build(),
                        AbortableInputStream.create(stream));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public ResponseInputStream<GetObjectResponse> getObject(GetObjectRequest request) {
            return getObject(request, ResponseTransformer.toInputStream());
        }

        @Override
        public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
            answer("putObject");
            write();
            if (request.key().equals(late)) {
                putLate(request.key(), bytes(body));
            }
            objects.put(request.key(), bytes(body));
            return PutObjectResponse.builder().build();
        }

        @Override
        public CreateMultipartUploadResponse createMultipartUpload(CreateMultipartUploadRequest request) {
            write();
            var id = request.key() + "#" + lastUpload.incrementAndGet();
            uploads.put(id, new TreeMap<>());
            return CreateMultipartUploadResponse.builder().uploadId(id).build();
        }

        @Override
        public UploadPartResponse uploadPart(UploadPartRequest request, RequestBody body) {
            answer("uploadPart");
            write();
            uploads.get(request.uploadId()).put(request.partNumber(), bytes(body));
            return UploadPartResponse.builder()
                    .eTag("part" + request.partNumber())
                    .build();
        }

        @Override
        public CompleteMultipartUploadResponse completeMultipartUpload(CompleteMultipartUploadRequest request) {
            answer("completeMultipartUpload");
            write();
            var all = new ByteArrayOutputStream();
            uploads.remove(request.uploadId()).values().forEach(all::writeBytes);
            objects.put(request.key(), all.toByteArray());
            return CompleteMultipartUploadResponse.builder().build();
        }

        @Override
        public AbortMultipartUploadResponse abortMultipartUpload(AbortMultipartUploadRequest request) {
            uploads.remove(request.uploadId());
            return AbortMultipartUploadResponse.builder().build();
        }

        @Override
        public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
            objects.remove(request.key());
            deleted.countDown();
            return DeleteObjectResponse.builder().build();
        }

        private static byte[] bytes(RequestBody body) {
            try (var content = body.contentStreamProvider().newStream()) {
                return content.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    /** The keys of all objects. */
    public List<String> keys() {
        return List.copyOf(objects.keySet());
    }
}
