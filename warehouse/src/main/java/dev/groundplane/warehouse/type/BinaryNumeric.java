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

    /** Numbers of so many digits are a long's. */
    private static final int LONG_DIGITS = 18;

    private static final long[] UNITS = {1, 10, 100, 1_000, 10_000};

    private BinaryNumeric() {}

    static byte[] encode(BigDecimal value) {
        return value.precision() <= LONG_DIGITS && value.scale() >= 0 && value.scale() <= DIGITS
                ? encode(value.scaleByPowerOfTen(value.scale()).longValue(), value.scale()) // makes no BigInteger
                : encodeAny(value);
    }

    /** The same of the numbers that most columns have. */
    private static byte[] encode(long unscaled, int scale) {
        var unit = UNITS[scale];
        var fraction = (int) (Math.abs(unscaled % unit) * (UNITS[DIGITS] / unit));
        var whole = Math.abs(unscaled / unit);
        var before = 0;
        for (var rest = whole; rest != 0; rest /= UNITS[DIGITS]) {
            before++;
        }
        // Zeros at the end are left out, be it before the point.
        var left = fraction == 0 ? whole : 0;
        var count = before + (fraction == 0 ? 0 : 1);
        while (left != 0 && left % UNITS[DIGITS] == 0) {
            left /= UNITS[DIGITS];
            count--;
        }
        var bytes = ByteBuffer.allocate(8 + 2 * count)
                .putShort((short) count)
                .putShort((short) (count == 0 ? 0 : before - 1))
                .putShort(unscaled < 0 ? NEGATIVE : 0)
                .putShort((short) scale);
        var rest = whole;
        for (var i = before - 1; i >= 0; i--) {
            if (i < count) {
                bytes.putShort(8 + 2 * i, (short) (rest % UNITS[DIGITS]));
            }
            rest /= UNITS[DIGITS];
        }
        if (fraction != 0) {
            bytes.putShort(8 + 2 * before, (short) fraction);
        }
        return bytes.array();
    }

    private static byte[] encodeAny(BigDecimal value) {
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
