package dev.groundplane.services.s3;

import dev.groundplane.platform.store.Transaction;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Adds and removes versions as the bucket's versioning has it, within a transaction. */
final class VersionWrites {
    private static final int ID_BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final S3Store store;

    VersionWrites(S3Store store) {
        this.store = store;
    }

    /**
     * What a writer asks of the object that it would overwrite.
     *
     * @param ifMatch its ETag
     * @param ifNoneMatch {@code *}: there is none
     */
    record Wanted(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
        static final Wanted ANYTHING = new Wanted(null, null);
    }

    /**
     * An object that came in one piece.
     *
     * @param written its content
     * @param kind what its checksum was computed with
     * @param kept the headers that stay with it
     * @param asked the headers of the request, which may ask for a lock
     */
    record Whole(
            String key,
            ContentStore.Written written,
            ChecksumKind kind,
            Map<String, String> kept,
            Map<String, String> tags,
            Map<String, String> asked) {}

    /**
     * Stores an object that came in one piece as the present version.
     *
     * @param bucket as the transaction sees it
     * @param event what happened, for example {@code ObjectCreated:Put}
     * @return the version as it was stored
     */
    ObjectVersion add(Transaction transaction, Bucket bucket, Whole object, Wanted wanted, String event)
            throws SQLException {
        Instant now = store.now();
        ContentStore.Written written = object.written();
        ObjectVersion draft = new ObjectVersion(
                0,
                bucket.id(),
                object.key(),
                "",
                true,
                false,
                now,
                written.size(),
                written.digest().etag(),
                0,
                Optional.of(new ObjectChecksum(
                        object.kind(), false, written.digest().checksum())),
                object.kept(),
                object.tags(),
                ObjectLocks.wanted(transaction, bucket, object.asked(), now));
        return add(
                transaction,
                bucket,
                draft,
                List.of(ObjectWrites.file(transaction, store, 1, written, now)),
                wanted,
                event);
    }

    /**
     * Stores an object as the present version.
     *
     * @param bucket as the transaction sees it
     * @param draft without an id and a version id
     * @param files the object's; none of them has a row
     * @param event what happened, for example {@code ObjectCreated:Put}
     * @return the version as it was stored
     */
    ObjectVersion add(
            Transaction transaction,
            Bucket bucket,
            ObjectVersion draft,
            List<StoredFile> files,
            Wanted wanted,
            String event)
            throws SQLException {
        Optional<ObjectVersion> present = VersionTable.latest(transaction.connection(), bucket.id(), draft.key());
        Conditions.forWrite(wanted.ifMatch(), wanted.ifNoneMatch(), draft.key(), present);
        ObjectVersion stored = replace(transaction, bucket, draft);
        for (StoredFile file : files) {
            FileTable.insert(transaction, stored.id(), file);
        }
        store.events().publish(transaction, ObjectEvent.of(event, bucket, stored, stored.modified()));
        return stored;
    }

    private ObjectVersion replace(Transaction transaction, Bucket bucket, ObjectVersion draft) throws SQLException {
        boolean keeps = bucket.versioning() == Bucket.Versioning.ENABLED;
        if (!keeps) {
            Optional<ObjectVersion> before =
                    VersionTable.find(transaction.connection(), bucket.id(), draft.key(), ObjectVersion.NULL_VERSION);
            if (before.isPresent()) {
                VersionTable.delete(transaction, before.get());
                store.garbage().after(transaction);
            }
        }
        ObjectVersion stored =
                draft.as(S3Schema.nextId(transaction), keeps ? newVersionId() : ObjectVersion.NULL_VERSION);
        VersionTable.insert(transaction, stored);
        return stored;
    }

    private static String newVersionId() {
        byte[] random = new byte[ID_BYTES];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /**
     * What a deletion did.
     *
     * @param versionId of what was removed or of the marker that was added; empty in buckets without versions
     * @param marker whether that was or is a delete marker
     */
    record Deleted(Optional<String> versionId, boolean marker) {}

    /**
     * Deletes an object: without versions for good, else by a marker.
     *
     * @param ifMatch the object's ETag; null for any, also for none
     */
    Deleted delete(Transaction transaction, Bucket bucket, String key, @Nullable String ifMatch, Instant now)
            throws SQLException {
        Optional<ObjectVersion> present = VersionTable.latest(transaction.connection(), bucket.id(), key);
        Conditions.forWrite(ifMatch, null, key, present);
        if (bucket.versioned()) {
            ObjectVersion marker = replace(transaction, bucket, ObjectVersion.marker(bucket, key, now));
            store.events()
                    .publish(transaction, ObjectEvent.of("ObjectRemoved:DeleteMarkerCreated", bucket, marker, now));
            return new Deleted(Optional.of(marker.versionId()), true);
        }
        if (present.isPresent()) {
            remove(transaction, bucket, present.get(), now, "ObjectRemoved:Delete");
        }
        return new Deleted(Optional.empty(), false);
    }

    /**
     * Deletes one version for good.
     *
     * @param bypassGovernance whether a retention that may be bypassed is
     * @throws software.amazon.awssdk.services.s3.model.S3Exception {@code AccessDenied} when the version is locked
     */
    Deleted deleteVersion(
            Transaction transaction, Bucket bucket, String key, String versionId, boolean bypassGovernance, Instant now)
            throws SQLException {
        Optional<ObjectVersion> found = VersionTable.find(transaction.connection(), bucket.id(), key, versionId);
        if (found.isPresent()) {
            if (found.get().lock().holds(now, bypassGovernance)) {
                throw S3Errors.of("AccessDenied", 403, "Access Denied because object protected by object lock.");
            }
            remove(transaction, bucket, found.get(), now, "ObjectRemoved:Delete");
        }
        return new Deleted(
                Optional.of(versionId), found.map(ObjectVersion::marker).orElse(false));
    }

    /** Removes a version for good, whatever it is. */
    void remove(Transaction transaction, Bucket bucket, ObjectVersion version, Instant now, String event)
            throws SQLException {
        VersionTable.delete(transaction, version);
        store.garbage().after(transaction);
        store.events().publish(transaction, ObjectEvent.of(event, bucket, version, now));
    }
}
