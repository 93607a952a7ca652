package dev.groundplane.services.s3.external;

import dev.groundplane.services.s3.BucketRegister;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.Owner;

/**
 * Listings of the other S3. Keys always travel percent-encoded from there, since XML cannot hold every character; the SDK decodes them,
 * and they are encoded again for callers who asked for that. Owners are accounts of this installation.
 */
abstract class ListingsThere extends BucketSettingsHere {
    private final Forwarding forwarding;
    private final S3Client outside;

    ListingsThere(S3Client here, Forwarding forwarding, S3Client outside) {
        super(here);
        this.forwarding = forwarding;
        this.outside = outside;
    }

    /**
     * How keys are answered.
     *
     * @param type as the caller asked; null for keys as they are
     */
    private record Keys(@Nullable String type) {
        @Nullable
        String text(@Nullable String key) {
            return key == null || type == null ? key : BucketRegister.encoded(key);
        }

        List<CommonPrefix> prefixes(List<CommonPrefix> decoded) {
            return decoded.stream()
                    .map(each ->
                            CommonPrefix.builder().prefix(text(each.prefix())).build())
                    .toList();
        }
    }

    private Owner owner(String bucket, @Nullable String expected) {
        return BucketRegister.owner(
                forwarding.register().require(bucket, expected).account());
    }

    @Override
    public ListObjectsResponse listObjects(ListObjectsRequest request) {
        ListObjectsResponse there = forwarding.ask(
                request.toBuilder().encodingType(EncodingType.URL).build(), outside::listObjects);
        Keys keys = new Keys(request.encodingTypeAsString());
        Owner owner = owner(request.bucket(), request.expectedBucketOwner());
        return there.toBuilder()
                .encodingType(keys.type())
                .prefix(keys.text(there.prefix()))
                .delimiter(keys.text(there.delimiter()))
                .marker(keys.text(there.marker()))
                .nextMarker(keys.text(there.nextMarker()))
                .contents(there.contents().stream()
                        .map(object -> object.toBuilder()
                                .key(keys.text(object.key()))
                                .owner(owner)
                                .build())
                        .toList())
                .commonPrefixes(keys.prefixes(there.commonPrefixes()))
                .build();
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
        ListObjectsV2Response there = forwarding.ask(
                request.toBuilder().encodingType(EncodingType.URL).build(), outside::listObjectsV2);
        Keys keys = new Keys(request.encodingTypeAsString());
        @Nullable
        Owner owner = Boolean.TRUE.equals(request.fetchOwner())
                ? owner(request.bucket(), request.expectedBucketOwner())
                : null;
        return there.toBuilder()
                .encodingType(keys.type())
                .prefix(keys.text(there.prefix()))
                .delimiter(keys.text(there.delimiter()))
                .startAfter(keys.text(there.startAfter()))
                .contents(there.contents().stream()
                        .map(object -> object.toBuilder()
                                .key(keys.text(object.key()))
                                .owner(owner)
                                .build())
                        .toList())
                .commonPrefixes(keys.prefixes(there.commonPrefixes()))
                .build();
    }

    @Override
    public ListObjectVersionsResponse listObjectVersions(ListObjectVersionsRequest request) {
        ListObjectVersionsResponse there = forwarding.ask(
                request.toBuilder().encodingType(EncodingType.URL).build(), outside::listObjectVersions);
        Keys keys = new Keys(request.encodingTypeAsString());
        Owner owner = owner(request.bucket(), request.expectedBucketOwner());
        return there.toBuilder()
                .encodingType(keys.type())
                .prefix(keys.text(there.prefix()))
                .delimiter(keys.text(there.delimiter()))
                .keyMarker(keys.text(there.keyMarker()))
                .nextKeyMarker(keys.text(there.nextKeyMarker()))
                .versions(there.versions().stream()
                        .map(version -> version.toBuilder()
                                .key(keys.text(version.key()))
                                .owner(owner)
                                .build())
                        .toList())
                .deleteMarkers(there.deleteMarkers().stream()
                        .map(marker -> marker.toBuilder()
                                .key(keys.text(marker.key()))
                                .owner(owner)
                                .build())
                        .toList())
                .commonPrefixes(keys.prefixes(there.commonPrefixes()))
                .build();
    }

    @Override
    public ListMultipartUploadsResponse listMultipartUploads(ListMultipartUploadsRequest request) {
        ListMultipartUploadsResponse there = forwarding.ask(
                request.toBuilder().encodingType(EncodingType.URL).build(), outside::listMultipartUploads);
        Keys keys = new Keys(request.encodingTypeAsString());
        Owner owner = owner(request.bucket(), request.expectedBucketOwner());
        return there.toBuilder()
                .encodingType(keys.type())
                .prefix(keys.text(there.prefix()))
                .delimiter(keys.text(there.delimiter()))
                .keyMarker(keys.text(there.keyMarker()))
                .nextKeyMarker(keys.text(there.nextKeyMarker()))
                .uploads(there.uploads().stream()
                        .map(upload -> upload.toBuilder()
                                .key(keys.text(upload.key()))
                                .owner(owner)
                                .build())
                        .toList())
                .commonPrefixes(keys.prefixes(there.commonPrefixes()))
                .build();
    }
}
