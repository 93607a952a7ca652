package dev.groundplane.services.s3.external;

import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.s3.ContentOnItsWay;
import dev.groundplane.services.s3.CopySource;
import dev.groundplane.services.s3.external.Forwarding.Note;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Has objects made in the other S3, for one call. */
record Writes(Forwarding forwarding, S3Client outside, ExternalS3 store) {
    private static final Logger LOG = LoggerFactory.getLogger(Writes.class);

    /** The body is read to its end, once; it may be of unknown length. */
    PutObjectResponse put(PutObjectRequest request, RequestBody body) {
        ContentOnItsWay content = new ContentOnItsWay(request, body);
        PutObjectRequest sent = request.toBuilder()
                .contentLength(null)
                .contentEncoding(ContentOnItsWay.withoutChunks(request.contentEncoding()))
                .contentType(Objects.requireNonNullElse(request.contentType(), "binary/octet-stream"))
                .checksumAlgorithm((String) null) // else the SDK announces a trailer, though the checksum is a header
                .build();
        return forwarding.change(
                sent,
                wanted -> store.spool()
                        .send(
                                content,
                                stream -> outside.putObject(
                                        wanted.toBuilder()
                                                .overrideConfiguration(headers(content))
                                                .build(),
                                        stream)),
                (transaction, response) -> store.tell(
                        transaction,
                        "ObjectCreated:Put",
                        request.bucket(),
                        request.key(),
                        content.size(),
                        response.eTag(),
                        response.versionId()));
    }

    /** The body is read to its end, once; it may be of unknown length. */
    UploadPartResponse part(UploadPartRequest request, RequestBody body) {
        ContentOnItsWay content = new ContentOnItsWay(request, body);
        UploadPartRequest sent = request.toBuilder()
                .contentLength(null)
                .checksumAlgorithm((String) null)
                .build();
        return forwarding.change(
                sent,
                wanted -> store.spool()
                        .send(
                                content,
                                stream -> outside.uploadPart(
                                        wanted.toBuilder()
                                                .overrideConfiguration(headers(content))
                                                .build(),
                                        stream)),
                Note.nothing());
    }

    /** The checksums that followed the content go before it. */
    private static Consumer<AwsRequestOverrideConfiguration.Builder> headers(ContentOnItsWay content) {
        return configuration -> content.followed().forEach(configuration::putHeader);
    }

    CompleteMultipartUploadResponse complete(CompleteMultipartUploadRequest request) {
        Made made = new Made("ObjectCreated:CompleteMultipartUpload", request.bucket(), request.key());
        return forwarding.change(
                request,
                wanted -> made.look(outside.completeMultipartUpload(wanted)),
                (transaction, response) -> made.tell(transaction));
    }

    @SuppressWarnings("deprecation") // the header as it came, which the SDK has two members for
    CopyObjectResponse copy(CopyObjectRequest request) {
        CopySource source = source(
                request.copySource(),
                request.sourceBucket(),
                request.sourceKey(),
                request.sourceVersionId(),
                request.expectedSourceBucketOwner());
        CopyObjectRequest sent = request.toBuilder()
                .copySource(null)
                .sourceBucket(source.bucket())
                .sourceKey(source.key())
                .sourceVersionId(source.versionId())
                .build();
        Made made = new Made("ObjectCreated:Copy", request.destinationBucket(), request.destinationKey());
        return forwarding.change(
                sent,
                wanted -> made.look(outside.copyObject(wanted)),
                (transaction, response) -> made.tell(transaction));
    }

    @SuppressWarnings("deprecation") // the header as it came, which the SDK has two members for
    UploadPartCopyResponse copyPart(UploadPartCopyRequest request) {
        CopySource source = source(
                request.copySource(),
                request.sourceBucket(),
                request.sourceKey(),
                request.sourceVersionId(),
                request.expectedSourceBucketOwner());
        UploadPartCopyRequest sent = request.toBuilder()
                .copySource(null)
                .sourceBucket(source.bucket())
                .sourceKey(source.key())
                .sourceVersionId(source.versionId())
                .build();
        return forwarding.change(sent, outside::uploadPartCopy, Note.nothing());
    }

    /** As it was decided upon, whatever else a header could be taken for. */
    private CopySource source(
            @Nullable String header,
            @Nullable String bucket,
            @Nullable String key,
            @Nullable String versionId,
            @Nullable String owner) {
        CopySource source = CopySource.of(header, bucket, key, versionId);
        forwarding.register().require(source.bucket(), owner);
        Forwarding.requireStraight(source.key());
        return source;
    }

    /** An object whose size the answer does not tell. When it cannot be asked for either, the next listing finds the object. */
    private final class Made {
        private final String event;
        private final String bucket;
        private final String key;
        private Optional<HeadObjectResponse> head = Optional.empty();

        Made(String event, String bucket, String key) {
            this.event = event;
            this.bucket = bucket;
            this.key = key;
        }

        /** Before the transaction, in which nobody else can be asked. */
        <R> R look(R response) {
            try {
                head = Optional.of(outside.headObject(r -> r.bucket(bucket).key(key)));
            } catch (SdkException e) {
                LOG.debug("the size of {} in {} is not known: {}", key, bucket, e.toString());
            }
            return response;
        }

        void tell(Transaction transaction) throws SQLException {
            if (head.isPresent()) {
                HeadObjectResponse found = head.get();
                store.tell(transaction, event, bucket, key, found.contentLength(), found.eTag(), found.versionId());
            }
        }
    }
}
