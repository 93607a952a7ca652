package dev.groundplane.services.s3;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * CRC-64/NVME, eight bytes at a time. Source: NVM Express NVM Command Set Specification, "64b CRC Definition". Not
 * thread-safe.
 */
final class Crc64 implements ChecksumKind.Accumulator {
    /** Least significant term first. */
    static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** The remainders of a byte that so many bytes follow. */
    private static final long[][] TABLES = tables();

    private long crc = -1;

    private static long[][] tables() {
        long[][] tables = new long[Long.BYTES][256];
        for (int i = 0; i < 256; i++) {
            long remainder = i;
            for (int bit = 0; bit < 8; bit++) {
                remainder = (remainder & 1) == 0 ? remainder >>> 1 : (remainder >>> 1) ^ POLYNOMIAL;
            }
            tables[0][i] = remainder;
        }
        for (int table = 1; table < Long.BYTES; table++) {
            for (int i = 0; i < 256; i++) {
                long before = tables[table - 1][i];
                tables[table][i] = (before >>> 8) ^ tables[0][(int) (before & 0xFF)];
            }
        }
        return tables;
    }

    @Override
    public void update(byte[] buffer, int offset, int count) {
        long state = crc;
        int at = offset;
        int end = offset + count;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            long word = state ^ (long) LONG.get(buffer, at);
            state = TABLES[7][(int) (word & 0xFF)]
                    ^ TABLES[6][(int) ((word >>> 8) & 0xFF)]
                    ^ TABLES[5][(int) ((word >>> 16) & 0xFF)]
                    ^ TABLES[4][(int) ((word >>> 24) & 0xFF)]
                    ^ TABLES[3][(int) ((word >>> 32) & 0xFF)]
                    ^ TABLES[2][(int) ((word >>> 40) & 0xFF)]
                    ^ TABLES[1][(int) ((word >>> 48) & 0xFF)]
                    ^ TABLES[0][(int) (word >>> 56)];
        }
        for (; at < end; at++) {
            state = (state >>> 8) ^ TABLES[0][(int) ((state ^ buffer[at]) & 0xFF)];
        }
        crc = state;
    }

    @Override
    public byte[] finish() {
        return ByteBuffer.allocate(Long.BYTES).putLong(~crc).array();
    }
}
