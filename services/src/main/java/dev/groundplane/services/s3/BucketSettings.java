package dev.groundplane.services.s3;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.platform.Call;
import dev.groundplane.wire.WireForm;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionConfiguration;

/** What a bucket is told besides its row, for one call. */
final class BucketSettings {
    static final WireForm<PublicAccessBlockConfiguration> PUBLIC_ACCESS_BLOCK =
            WireForm.of(PublicAccessBlockConfiguration.class, PublicAccessBlockConfiguration::builder);
    static final WireForm<ServerSideEncryptionConfiguration> ENCRYPTION =
            WireForm.of(ServerSideEncryptionConfiguration.class, ServerSideEncryptionConfiguration::builder);
    /** What every new bucket has. */
    static final PublicAccessBlockConfiguration BLOCK_ALL = PublicAccessBlockConfiguration.builder()
            .blockPublicAcls(true)
            .ignorePublicAcls(true)
            .blockPublicPolicy(true)
            .restrictPublicBuckets(true)
            .build();

    private final Call call;
    private final S3Store store;

    BucketSettings(Call call, S3Store store) {
        this.call = call;
        this.store = store;
    }

    /** The stored document, if there is one. */
    Optional<String> find(@Nullable String name, @Nullable String owner, BucketSetting kind) {
        return store.database().read(connection -> {
            Bucket bucket = Buckets.require(connection, name, owner);
            return BucketTable.setting(connection, bucket, kind);
        });
    }

    /** The stored document, or AWS's error for its absence. */
    String require(@Nullable String name, @Nullable String owner, BucketSetting kind, Supplier<S3Exception> absent) {
        return find(name, owner, kind).orElseThrow(absent);
    }

    <R> R put(@Nullable String name, @Nullable String owner, BucketSetting kind, String document, R response) {
        return call.commit(transaction -> {
            Bucket bucket = Buckets.require(transaction.connection(), name, owner);
            BucketTable.set(transaction, bucket, kind, document);
            return response;
        });
    }

    <R> R delete(@Nullable String name, @Nullable String owner, BucketSetting kind, R response) {
        return call.commit(transaction -> {
            Bucket bucket = Buckets.require(transaction.connection(), name, owner);
            BucketTable.remove(transaction, bucket, kind);
            return response;
        });
    }

    /** A policy that gives everybody something is refused while the bucket blocks such policies. */
    <R> R putPolicy(@Nullable String name, @Nullable String owner, @Nullable String document, R response) {
        return call.commit(transaction -> {
            Bucket bucket = Buckets.require(transaction.connection(), name, owner);
            JsonNode policy = BucketPolicies.valid(bucket, document);
            boolean blocked = BucketTable.setting(transaction.connection(), bucket, BucketSetting.PUBLIC_ACCESS_BLOCK)
                    .map(PUBLIC_ACCESS_BLOCK::decode)
                    .filter(block -> Boolean.TRUE.equals(block.blockPublicPolicy()))
                    .isPresent();
            if (blocked && BucketPolicies.isPublic(policy)) {
                throw S3Errors.accessDenied(
                        "public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.");
            }
            BucketTable.set(transaction, bucket, BucketSetting.POLICY, String.valueOf(document));
            return response;
        });
    }

    <R> R putVersioning(@Nullable String name, @Nullable String owner, @Nullable String status, R response) {
        Bucket.Versioning wanted = switch (String.valueOf(status)) {
            case "Enabled" -> Bucket.Versioning.ENABLED;
            case "Suspended" -> Bucket.Versioning.SUSPENDED;
            default ->
                throw S3Errors.of(
                        "IllegalVersioningConfigurationException",
                        400,
                        "The Versioning element must be specified: Status is Enabled or Suspended, found %s",
                        status);
        };
        return call.commit(transaction -> {
            Bucket bucket = Buckets.require(transaction.connection(), name, owner);
            if (bucket.locked() && wanted == Bucket.Versioning.SUSPENDED) {
                throw S3Errors.of(
                        "InvalidBucketState",
                        409,
                        "An Object Lock configuration is present on this bucket, so the versioning state cannot be"
                                + " changed.");
            }
            BucketTable.setVersioning(transaction, bucket, wanted);
            return response;
        });
    }
}
