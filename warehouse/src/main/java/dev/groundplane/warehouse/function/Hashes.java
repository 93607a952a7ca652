package dev.groundplane.warehouse.function;

import dev.groundplane.pgwire.SqlState;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Redshift's hash functions. */
final class Hashes {
    private static final long FNV_PRIME = 0x100000001b3L;

    private Hashes() {}

    /**
     * The 64-bit FNV-1a hash of a value as it lies in memory, low bytes first.
     *
     * @param type the engine's, which tells how many bytes a number has
     * @param seed of an earlier hash, or FNV's own basis
     */
    static String fnv(String type, String value, String seed) {
        var hash = Long.parseLong(seed);
        for (var b : bytes(type, value)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return Long.toString(hash);
    }

    private static byte[] bytes(String type, String value) {
        return switch (type) {
            case "BOOLEAN" -> new byte[] {(byte) (value.equals("true") ? 1 : 0)};
            case "TINYINT", "SMALLINT" ->
                littleEndian(2).putShort(Short.parseShort(value)).array();
            case "INTEGER", "INTEGER_LITERAL" ->
                littleEndian(4).putInt(Integer.parseInt(value)).array();
            case "BIGINT" -> littleEndian(8).putLong(Long.parseLong(value)).array();
            case "FLOAT" -> littleEndian(4).putFloat(Float.parseFloat(value)).array();
            case "DOUBLE" ->
                littleEndian(8).putDouble(Double.parseDouble(value)).array();
            case "VARCHAR" -> value.getBytes(StandardCharsets.UTF_8);
            default ->
                throw new FunctionFailure(
                        SqlState.FEATURE_NOT_SUPPORTED,
                        "FNV_HASH of a value of type %s is not supported".formatted(type));
        };
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** In hexadecimal digits. */
    static String sha2(String text, String bits) {
        var algorithm = switch (new BigDecimal(bits).intValueExact()) {
            case 0, 256 -> "SHA-256";
            case 224 -> "SHA-224";
            case 384 -> "SHA-384";
            case 512 -> "SHA-512";
            default -> "";
        };
        if (algorithm.isEmpty()) {
            return ""; // as Redshift does
        }
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In hexadecimal digits. */
    static String crc32(String text) {
        var crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(crc.getValue());
    }
}
