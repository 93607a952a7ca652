package dev.groundplane.services.s3;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * The checksums that objects can have besides their ETag. Source: Amazon S3 User Guide, "Checking object integrity". What
 * they are computed with belongs to one thread.
 */
enum ChecksumKind {
    CRC32,
    CRC32C,
    CRC64NVME,
    SHA1,
    SHA256;

    /** The bits of a CRC's polynomial, least significant term first. */
    private static final long CRC32_POLYNOMIAL = 0xEDB88320L;

    private static final long CRC32C_POLYNOMIAL = 0x82F63B78L;

    /** What is computed while content passes. */
    interface Accumulator {
        void update(byte[] buffer, int offset, int count);

        /** The checksum; ends the computation. */
        byte[] finish();
    }

    /** The header that carries it. */
    String header() {
        return "x-amz-checksum-" + name().toLowerCase(Locale.ROOT);
    }

    /** The kind of a header, whose name is in lower case. */
    static Optional<ChecksumKind> ofHeader(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.header().equals(name))
                .findFirst();
    }

    /** The kind of that name, as in {@code x-amz-checksum-algorithm}. */
    static Optional<ChecksumKind> named(String name) {
        return Arrays.stream(values()).filter(kind -> kind.name().equals(name)).findFirst();
    }

    /** The kind whose checksum is among the headers. */
    static Optional<ChecksumKind> in(Map<String, String> headers) {
        return Arrays.stream(values())
                .filter(kind -> headers.containsKey(kind.header()))
                .findFirst();
    }

    /** Whether checksums of parts can be made into that of the whole. */
    boolean combines() {
        return switch (this) {
            case CRC32, CRC32C, CRC64NVME -> true;
            case SHA1, SHA256 -> false;
        };
    }

    Accumulator accumulator() {
        return switch (this) {
            case CRC32 -> new OfChecksum(new CRC32());
            case CRC32C -> new OfChecksum(new CRC32C());
            case CRC64NVME -> new Crc64();
            case SHA1 -> new OfDigest("SHA-1");
            case SHA256 -> new OfDigest("SHA-256");
        };
    }

    /** How many bytes a checksum has. */
    int bytes() {
        return switch (this) {
            case CRC32, CRC32C -> 4;
            case CRC64NVME -> 8;
            case SHA1 -> 20;
            case SHA256 -> 32;
        };
    }

    /** The checksum of a content from those of its two halves, all in base64; only for kinds that combine. */
    String combine(String first, String second, long secondBytes) {
        long polynomial = switch (this) {
            case CRC32 -> CRC32_POLYNOMIAL;
            case CRC32C -> CRC32C_POLYNOMIAL;
            case CRC64NVME -> Crc64.POLYNOMIAL;
            case SHA1, SHA256 -> throw new IllegalStateException(this + " does not combine");
        };
        long combined = new CrcCombination(bytes() * 8, polynomial).of(number(first), number(second), secondBytes);
        byte[] whole = ByteBuffer.allocate(Long.BYTES).putLong(combined).array();
        return Base64.getEncoder().encodeToString(Arrays.copyOfRange(whole, Long.BYTES - bytes(), Long.BYTES));
    }

    private static long number(String base64) {
        long number = 0;
        for (byte each : Base64.getDecoder().decode(base64)) {
            number = (number << 8) | (each & 0xFF);
        }
        return number;
    }

    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has " + algorithm, e);
        }
    }

    private record OfChecksum(Checksum checksum) implements Accumulator {
        @Override
        public void update(byte[] buffer, int offset, int count) {
            checksum.update(buffer, offset, count);
        }

        @Override
        public byte[] finish() {
            return ByteBuffer.allocate(Integer.BYTES)
                    .putInt((int) checksum.getValue())
                    .array();
        }
    }

    private static final class OfDigest implements Accumulator {
        private final MessageDigest digest;

        OfDigest(String algorithm) {
            digest = digest(algorithm);
        }

        @Override
        public void update(byte[] buffer, int offset, int count) {
            digest.update(buffer, offset, count);
        }

        @Override
        public byte[] finish() {
            return digest.digest();
        }
    }
}
