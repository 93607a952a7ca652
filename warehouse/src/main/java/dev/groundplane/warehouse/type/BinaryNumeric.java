package dev.groundplane.warehouse.type;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;

/** PostgreSQL's binary format of NUMERIC: digits of base 10,000 and where the point stands among them. */
final class BinaryNumeric {
    private static final int DIGITS = 4;
    private static final BigInteger BASE = BigInteger.valueOf(10_000);
    private static final short NEGATIVE = 0x4000;
    private static final int NOT_A_NUMBER = 0xC000;

    private BinaryNumeric() {}

    static byte[] encode(BigDecimal value) {
        var scale = Math.max(value.scale(), 0);
        // Whole digits of the base on both sides of the point.
        var fraction = (scale + DIGITS - 1) / DIGITS;
        var unscaled = value.abs().setScale(fraction * DIGITS).unscaledValue();
        var digits = new ArrayList<Short>();
        while (unscaled.signum() != 0) {
            var parts = unscaled.divideAndRemainder(BASE);
            digits.addFirst(parts[1].shortValue());
            unscaled = parts[0];
        }
        var weight = digits.size() - fraction - 1;
        while (!digits.isEmpty() && digits.getLast() == 0) {
            digits.removeLast();
        }
        var bytes = ByteBuffer.allocate(8 + 2 * digits.size())
                .putShort((short) digits.size())
                .putShort((short) (digits.isEmpty() ? 0 : weight))
                .putShort(value.signum() < 0 ? NEGATIVE : 0)
                .putShort((short) scale);
        digits.forEach(bytes::putShort);
        return bytes.array();
    }

    /** @throws NumberFormatException when it is not a finite number in this format */
    static BigDecimal decode(ByteBuffer bytes) {
        if (bytes.remaining() < 8) {
            throw new NumberFormatException("a binary numeric has 8 bytes or more");
        }
        var count = bytes.getShort();
        var weight = bytes.getShort();
        var sign = bytes.getShort() & 0xFFFF;
        var scale = bytes.getShort();
        if (sign == NOT_A_NUMBER || count < 0 || scale < 0 || bytes.remaining() != 2 * count) {
            throw new NumberFormatException("a binary numeric that is no finite number");
        }
        var unscaled = BigInteger.ZERO;
        for (var i = 0; i < count; i++) {
            unscaled = unscaled.multiply(BASE).add(BigInteger.valueOf(bytes.getShort()));
        }
        var value = new BigDecimal(unscaled, (count - weight - 1) * DIGITS);
        return (sign == NEGATIVE ? value.negate() : value).setScale(scale);
    }
}
