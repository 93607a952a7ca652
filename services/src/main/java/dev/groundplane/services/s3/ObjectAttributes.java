package dev.groundplane.services.s3;

import dev.groundplane.wire.WireForm;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.s3.model.Checksum;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesParts;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesRequest;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesResponse;
import software.amazon.awssdk.services.s3.model.ObjectPart;

/** What is known of an object and its parts. */
final class ObjectAttributes {
    private final S3Store store;

    ObjectAttributes(S3Store store) {
        this.store = store;
    }

    GetObjectAttributesResponse get(GetObjectAttributesRequest request) {
        Members.supported(
                request, "versionId", "x-amz-max-parts", "x-amz-part-number-marker", "x-amz-object-attributes");
        Set<String> asked = new TreeSet<>(request.objectAttributesAsStrings());
        ObjectReads.Found found = new ObjectReads(store)
                .find(request.bucket(), request.key(), request.versionId(), request.expectedBucketOwner());
        ObjectVersion version = found.version();
        GetObjectAttributesResponse.Builder response = GetObjectAttributesResponse.builder()
                .lastModified(version.modified())
                .versionId(found.bucket().versioned() ? version.versionId() : null);
        for (String attribute : asked) {
            switch (attribute) {
                case "ETag" -> response.eTag(version.etag());
                case "ObjectSize" -> response.objectSize(version.size());
                case "StorageClass" -> response.storageClass("STANDARD");
                case "Checksum" -> version.checksum().ifPresent(checksum -> response.checksum(checksum(checksum)));
                case "ObjectParts" -> {
                    if (version.parts() > 0) {
                        response.objectParts(parts(request, found));
                    }
                }
                default -> throw S3Errors.invalidArgument("Invalid attribute name specified: %s", attribute);
            }
        }
        return response.build();
    }

    private static Checksum checksum(ObjectChecksum checksum) {
        Checksum.Builder builder = Checksum.builder();
        WireForm.fill(builder, checksum.member());
        return builder.checksumType(checksum.type()).build();
    }

    /** AWS lists single parts only where they have checksums that were asked for, that is, composite ones. */
    private static GetObjectAttributesParts parts(GetObjectAttributesRequest request, ObjectReads.Found found) {
        ListForm form = ListForm.of(null, null, request.maxParts(), null);
        int after = request.partNumberMarker() == null ? 0 : request.partNumberMarker();
        List<StoredFile> rest =
                found.files().stream().filter(file -> file.part() > after).toList();
        List<StoredFile> page = rest.subList(0, Math.min(form.most(), rest.size()));
        return GetObjectAttributesParts.builder()
                .totalPartsCount(found.version().parts())
                .maxParts(form.most())
                .partNumberMarker(after)
                .nextPartNumberMarker(page.isEmpty() ? after : page.getLast().part())
                .isTruncated(rest.size() > page.size())
                .parts(page.stream().map(file -> part(found.version(), file)).toList())
                .build();
    }

    private static ObjectPart part(ObjectVersion version, StoredFile file) {
        ObjectPart.Builder part = ObjectPart.builder().partNumber(file.part()).size(file.size());
        version.checksum()
                .ifPresent(checksum ->
                        WireForm.fill(part, Map.of("Checksum" + checksum.kind().name(), file.checksum())));
        return part.build();
    }
}
