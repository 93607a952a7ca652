package dev.groundplane.services.s3;

/**
 * The CRC of two contents one after the other, from theirs: that of the first, moved by as many bytes as the second has, and
 * that of the second. Polynomials over GF(2) have their least significant term first, that is in the highest bit.
 *
 * @param bits how wide the CRC is
 * @param polynomial without its highest term
 */
record CrcCombination(int bits, long polynomial) {
    long of(long first, long second, long secondBytes) {
        return product(power(secondBytes), first) ^ second;
    }

    /** x to the power of eight times {@code bytes}, by squaring. */
    private long power(long bytes) {
        long result = 1L << (bits - 1); // one
        long square = 1L << (bits - 9); // x to the power of eight
        for (long rest = bytes; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                result = product(square, result);
            }
            square = product(square, square);
        }
        return result;
    }

    private long product(long a, long b) {
        long sum = 0;
        long term = b;
        for (int bit = bits - 1; bit >= 0; bit--) {
            if (((a >>> bit) & 1) != 0) {
                sum ^= term;
            }
            term = (term & 1) == 0 ? term >>> 1 : (term >>> 1) ^ polynomial;
        }
        return sum;
    }
}
