package dev.groundplane.services.s3;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * The parts that an object is made of, and what follows from them. Source: Amazon S3 User Guide, "Multipart upload limits" and
 * "Checking object integrity for multipart uploads".
 *
 * @param files in the object's order, with the numbers of their upload
 */
record UploadParts(Upload upload, List<StoredFile> files) {
    private static final long LEAST_BYTES = 5L * 1024 * 1024;

    /**
     * The parts that a caller lists.
     *
     * @param stored everything that was uploaded
     * @throws software.amazon.awssdk.services.s3.model.S3Exception {@code InvalidPart}, {@code InvalidPartOrder}, {@code
     *     EntityTooSmall}, {@code MalformedXML}
     */
    static UploadParts of(Upload upload, List<StoredFile> stored, List<CompletedPart> listed) {
        if (listed.isEmpty()) {
            throw S3Errors.malformedXml("CompleteMultipartUpload must list at least one part");
        }
        Map<Integer, StoredFile> byNumber = new HashMap<>();
        stored.forEach(file -> byNumber.put(file.part(), file));
        List<StoredFile> files = new ArrayList<>();
        int before = 0;
        for (CompletedPart part : listed) {
            int number = part.partNumber() == null ? 0 : part.partNumber();
            if (number <= before) {
                throw S3Errors.of(
                        "InvalidPartOrder",
                        400,
                        "The list of parts was not in ascending order. Parts must be ordered by part number: %d after %d",
                        number,
                        before);
            }
            before = number;
            files.add(matching(upload, byNumber.get(number), part));
        }
        for (StoredFile file : files.subList(0, files.size() - 1)) {
            if (file.size() < LEAST_BYTES) {
                throw S3Errors.of(
                        "EntityTooSmall",
                        400,
                        "Your proposed upload is smaller than the minimum allowed size: part %d has %d of %d bytes",
                        file.part(),
                        file.size(),
                        LEAST_BYTES);
            }
        }
        return new UploadParts(upload, List.copyOf(files));
    }

    private static StoredFile matching(Upload upload, @Nullable StoredFile file, CompletedPart part) {
        String etag = part.eTag() == null ? "" : part.eTag().replace("\"", "");
        String checksum = declared(upload.checksum(), part);
        if (file == null || !file.etag().equals(etag) || (checksum != null && !checksum.equals(file.checksum()))) {
            throw S3Errors.of(
                    "InvalidPart",
                    400,
                    "One or more of the specified parts could not be found. The part may not have been uploaded, or the"
                            + " specified entity tag may not match the part's entity tag: part %d, ETag %s",
                    part.partNumber(),
                    etag);
        }
        if (upload.checksumAsked() && upload.composite() && checksum == null) {
            throw S3Errors.invalidRequest(
                    "The upload was created using a %s checksum. The complete request must include the checksum for each"
                            + " part. It was missing for part %d in the request.",
                    upload.checksum().name().toLowerCase(Locale.ROOT), part.partNumber());
        }
        return file;
    }

    private static @Nullable String declared(ChecksumKind kind, CompletedPart part) {
        return switch (kind) {
            case CRC32 -> part.checksumCRC32();
            case CRC32C -> part.checksumCRC32C();
            case CRC64NVME -> part.checksumCRC64NVME();
            case SHA1 -> part.checksumSHA1();
            case SHA256 -> part.checksumSHA256();
        };
    }

    long size() {
        return files.stream().mapToLong(StoredFile::size).sum();
    }

    /** The MD5 of the parts' MD5s, and their number. */
    String etag() {
        MessageDigest md5 = ChecksumKind.digest("MD5");
        files.forEach(file -> md5.update(HexFormat.of().parseHex(file.etag())));
        return HexFormat.of().formatHex(md5.digest()) + "-" + files.size();
    }

    ObjectChecksum checksum() {
        ChecksumKind kind = upload.checksum();
        if (upload.composite()) {
            ChecksumKind.Accumulator all = kind.accumulator();
            for (StoredFile file : files) {
                byte[] one = Base64.getDecoder().decode(file.checksum());
                all.update(one, 0, one.length);
            }
            return new ObjectChecksum(
                    kind, true, Base64.getEncoder().encodeToString(all.finish()) + "-" + files.size());
        }
        Optional<String> whole = Optional.empty();
        for (StoredFile file : files) {
            whole = Optional.of(whole.map(before -> kind.combine(before, file.checksum(), file.size()))
                    .orElse(file.checksum()));
        }
        return new ObjectChecksum(kind, false, whole.orElseThrow());
    }

    /** The files as the object has them: numbered from 1 without gaps. */
    List<StoredFile> renumbered() {
        List<StoredFile> numbered = new ArrayList<>();
        for (StoredFile file : files) {
            numbered.add(file.as(numbered.size() + 1));
        }
        return numbered;
    }
}
