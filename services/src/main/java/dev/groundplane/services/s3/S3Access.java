package dev.groundplane.services.s3;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.AccessModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;

/**
 * What S3's operations ask to do. A bucket's policy goes with all that is asked of it and of its objects, and its owner as
 * {@code aws:ResourceAccount}, since S3's ARNs name no account. Source: AWS Service Authorization Reference, "Amazon S3".
 */
final class S3Access implements AccessModel {
    /** What reads or changes an object that is there, whose tags may then decide. */
    private static final Set<String> OF_EXISTING = Set.of(
            "DeleteObjectTagging",
            "GetObject",
            "GetObjectAcl",
            "GetObjectAttributes",
            "GetObjectTagging",
            "HeadObject",
            "PutObjectTagging");

    private static final String EXISTING_TAG = "s3:existingobjecttag/";

    private final S3Store store;
    private final ObjectsElsewhere elsewhere;

    /** @param elsewhere where objects are that are not here */
    S3Access(S3Store store, ObjectsElsewhere elsewhere) {
        this.store = store;
        this.elsewhere = elsewhere;
    }

    /** A bucket's policy and owner; both empty for a bucket that is not there. */
    private record Owned(Optional<String> policy, Optional<Bucket> bucket) {
        AccessRequest asks(String action, String resource, Map<String, List<String>> context) {
            return new AccessRequest(action, resource, policy, context)
                    .ownedBy(bucket.map(Bucket::account).orElse(""));
        }
    }

    @Override
    public List<AccessRequest> asked(Scope scope, String operation, SdkPojo request) {
        SdkRequest members = (SdkRequest) request;
        return switch (operation) {
            case "CopyObject", "UploadPartCopy" -> copy(members);
            case "DeleteObjects" -> bypass((DeleteObjectsRequest) request);
            default -> one(operation, members);
        };
    }

    private List<AccessRequest> one(String operation, SdkRequest request) {
        @Nullable String bucket = text(request, "Bucket");
        @Nullable String key = text(request, "Key");
        @Nullable String version = text(request, "VersionId");
        String action = S3Actions.of(operation, version != null);
        if (bucket == null) {
            return List.of(AccessRequest.onEverything(action));
        }
        Owned owned = owned(bucket);
        Map<String, List<String>> context = context(owned, request);
        if (key != null && OF_EXISTING.contains(operation)) {
            existingTags(owned, key, version, context);
        }
        String resource = arn(bucket, key);
        List<AccessRequest> asked = new ArrayList<>();
        asked.add(owned.asks(action, resource, context));
        if (operation.equals("GetObjectAttributes")) {
            String read = S3Actions.of("GetObject", version != null);
            asked.add(owned.asks(read, resource, context));
        }
        writesMore(request, resource, owned, context, asked);
        return asked;
    }

    /** What headers of an operation ask beyond it. */
    private static void writesMore(
            SdkRequest request,
            String resource,
            Owned owned,
            Map<String, List<String>> context,
            List<AccessRequest> asked) {
        Map<String, String> actions = Map.of(
                "ObjectLockMode", "s3:PutObjectRetention",
                "ObjectLockLegalHoldStatus", "s3:PutObjectLegalHold");
        actions.forEach((member, action) -> {
            if (text(request, member) != null) {
                asked.add(owned.asks(action, resource, context));
            }
        });
        if (member(request, "Tagging") instanceof String) {
            asked.add(owned.asks("s3:PutObjectTagging", resource, context));
        }
        if (Boolean.TRUE.equals(member(request, "BypassGovernanceRetention"))) {
            asked.add(owned.asks("s3:BypassGovernanceRetention", resource, context));
        }
    }

    private List<AccessRequest> copy(SdkRequest request) {
        CopySource source = CopySource.of(
                text(request, "CopySource"),
                text(request, "SourceBucket"),
                text(request, "SourceKey"),
                text(request, "SourceVersionId"));
        Owned from = owned(source.bucket());
        Map<String, List<String>> fromContext = context(from, request);
        existingTags(from, source.key(), source.versionId(), fromContext);
        String bucket = String.valueOf(text(request, "DestinationBucket"));
        String resource = arn(bucket, text(request, "DestinationKey"));
        Owned to = owned(bucket);
        Map<String, List<String>> toContext = context(to, request);
        List<AccessRequest> asked = new ArrayList<>();
        asked.add(from.asks(
                S3Actions.of("GetObject", source.versionId() != null),
                arn(source.bucket(), source.key()),
                fromContext));
        asked.add(to.asks("s3:PutObject", resource, toContext));
        writesMore(request, resource, to, toContext, asked);
        return asked;
    }

    /** Each object is asked for as it is deleted: one that may not be leaves the others. */
    private List<AccessRequest> bypass(DeleteObjectsRequest request) {
        if (!Boolean.TRUE.equals(request.bypassGovernanceRetention())) {
            return List.of();
        }
        String bucket = String.valueOf(request.bucket());
        Owned owned = owned(bucket);
        return List.of(owned.asks("s3:BypassGovernanceRetention", arn(bucket, "*"), context(owned, request)));
    }

    /** What the deletion of each of the objects asks for, in their order. */
    List<AccessRequest> deletions(DeleteObjectsRequest request) {
        String bucket = String.valueOf(request.bucket());
        Owned owned = owned(bucket);
        Map<String, List<String>> context = context(owned, request);
        return request.delete().objects().stream()
                .map(object -> owned.asks(
                        S3Actions.of("DeleteObject", object.versionId() != null), arn(bucket, object.key()), context))
                .toList();
    }

    private Owned owned(String name) {
        Owned known = known(name);
        if (known.bucket().isPresent() || !elsewhere.isThere()) {
            return known;
        }
        elsewhere.adopt(name); // before anything is decided: whose it is decides
        return known(name);
    }

    private Owned known(String name) {
        return store.database().read(connection -> {
            Optional<Bucket> bucket = BucketTable.find(connection, name);
            Optional<String> policy = bucket.isEmpty()
                    ? Optional.empty()
                    : BucketTable.setting(connection, bucket.get(), BucketSetting.POLICY);
            return new Owned(policy, bucket);
        });
    }

    private static Map<String, List<String>> context(Owned owned, SdkRequest request) {
        Map<String, List<String>> context = new LaterTags();
        owned.bucket().ifPresent(bucket -> context.put("aws:resourceaccount", List.of(bucket.account())));
        put(context, "s3:prefix", member(request, "Prefix"));
        put(context, "s3:delimiter", member(request, "Delimiter"));
        put(context, "s3:max-keys", member(request, "MaxKeys"));
        put(context, "s3:versionid", member(request, "VersionId"));
        put(context, "s3:x-amz-acl", member(request, "ACL"));
        put(context, "s3:x-amz-copy-source", member(request, "CopySource"));
        put(context, "s3:x-amz-metadata-directive", member(request, "MetadataDirective"));
        put(context, "s3:x-amz-server-side-encryption", member(request, "ServerSideEncryption"));
        put(context, "s3:x-amz-storage-class", member(request, "StorageClass"));
        if (member(request, "Tagging") instanceof String header) {
            Tags.ofHeader(header)
                    .forEach((key, value) ->
                            context.put("s3:requestobjecttag/" + key.toLowerCase(Locale.ROOT), List.of(value)));
        }
        return context;
    }

    private static void put(Map<String, List<String>> context, String key, @Nullable Object value) {
        if (value != null) {
            context.put(key, List.of(value.toString()));
        }
    }

    private void existingTags(Owned owned, String key, @Nullable String versionId, Map<String, List<String>> context) {
        if (owned.bucket().isEmpty()) {
            return;
        }
        if (elsewhere.isThere() && context instanceof LaterTags later) {
            String bucket = owned.bucket().get().name();
            later.from(() -> elsewhere.tags(bucket, key, versionId));
            return;
        }
        long bucketId = owned.bucket().get().id();
        Optional<ObjectVersion> version = store.database()
                .read(connection -> versionId == null
                        ? VersionTable.latest(connection, bucketId, key)
                        : VersionTable.find(connection, bucketId, key, versionId));
        version.ifPresent(found -> found.tags()
                .forEach((tag, value) -> context.put(EXISTING_TAG + tag.toLowerCase(Locale.ROOT), List.of(value))));
    }

    /** Values of condition keys, of which tags that are elsewhere are asked for only when a policy does. For one call. */
    private static final class LaterTags extends HashMap<String, List<String>> {
        private static final long serialVersionUID = 1L;

        private transient @Nullable Supplier<Map<String, String>> source;

        void from(Supplier<Map<String, String>> tags) {
            source = tags;
        }

        @Override
        public @Nullable List<String> get(Object key) {
            Supplier<Map<String, String>> tags = source;
            if (tags != null && key instanceof String text && text.startsWith(EXISTING_TAG)) {
                source = null;
                tags.get().forEach((tag, value) -> put(EXISTING_TAG + tag.toLowerCase(Locale.ROOT), List.of(value)));
            }
            return super.get(key);
        }
    }

    private static String arn(String bucket, @Nullable String key) {
        return "arn:aws:s3:::" + bucket + (key == null ? "" : "/" + key);
    }

    private static @Nullable Object member(SdkRequest request, String name) {
        return request.getValueForField(name, Object.class).orElse(null);
    }

    private static @Nullable String text(SdkRequest request, String name) {
        return member(request, name) instanceof String text ? text : null;
    }
}
