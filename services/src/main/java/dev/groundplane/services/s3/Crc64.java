package dev.groundplane.services.s3;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * CRC-64/NVME. Source: NVM Express NVM Command Set Specification, "64b CRC Definition". Not thread-safe.
 *
 * <p>Eight bytes at a time, in four lanes that a processor works on at once: each step waits for its table, and for the step
 * before it in the same lane only. What the lanes come to is joined, which is possible because a CRC is linear.
 */
final class Crc64 implements ChecksumKind.Accumulator {
    /** Least significant term first. */
    static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;

    private static final int BYTES = 256;
    private static final int LANES = 4;
    private static final int LANE_BYTES = 4 * 1024;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** The remainders of a byte that no, one, two... bytes follow: 256 each. In one array, which is one look-up less. */
    private static final long[] TABLES = tables();
    /** What becomes of the first, second... byte of a state after a lane of zeros. */
    private static final long[] AFTER_LANE = afterLane();

    private long crc = -1;

    private static long[] tables() {
        long[] tables = new long[Long.BYTES * BYTES];
        for (int i = 0; i < BYTES; i++) {
            long remainder = i;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                remainder = (remainder & 1) == 0 ? remainder >>> 1 : (remainder >>> 1) ^ POLYNOMIAL;
            }
            tables[i] = remainder;
        }
        for (int i = BYTES; i < tables.length; i++) {
            long before = tables[i - BYTES];
            tables[i] = (before >>> 8) ^ tables[(int) (before & 0xFF)];
        }
        return tables;
    }

    private static long[] afterLane() {
        long[] tables = new long[Long.BYTES * BYTES];
        for (int i = 0; i < tables.length; i++) {
            long state = (long) (i % BYTES) << (Byte.SIZE * (i / BYTES));
            for (int at = 0; at < LANE_BYTES; at += Long.BYTES) {
                state = next(state);
            }
            tables[i] = state;
        }
        return tables;
    }

    /** The state after eight bytes that have been added to it. */
    private static long next(long word) {
        return TABLES[7 * BYTES + (int) (word & 0xFF)]
                ^ TABLES[6 * BYTES + (int) ((word >>> 8) & 0xFF)]
                ^ TABLES[5 * BYTES + (int) ((word >>> 16) & 0xFF)]
                ^ TABLES[4 * BYTES + (int) ((word >>> 24) & 0xFF)]
                ^ TABLES[3 * BYTES + (int) ((word >>> 32) & 0xFF)]
                ^ TABLES[2 * BYTES + (int) ((word >>> 40) & 0xFF)]
                ^ TABLES[BYTES + (int) ((word >>> 48) & 0xFF)]
                ^ TABLES[(int) (word >>> 56)];
    }

    private static long afterLane(long state) {
        long after = 0;
        for (int at = 0; at < Long.BYTES; at++) {
            after ^= AFTER_LANE[at * BYTES + (int) ((state >>> (Byte.SIZE * at)) & 0xFF)];
        }
        return after;
    }

    @Override
    public void update(byte[] buffer, int offset, int count) {
        long state = crc;
        int at = offset;
        int end = offset + count;
        for (; at + LANES * LANE_BYTES <= end; at += LANES * LANE_BYTES) {
            state = lanes(state, buffer, at);
        }
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            state = next(state ^ (long) LONG.get(buffer, at));
        }
        for (; at < end; at++) {
            state = (state >>> 8) ^ TABLES[(int) ((state ^ buffer[at]) & 0xFF)];
        }
        crc = state;
    }

    private static long lanes(long state, byte[] buffer, int offset) {
        long first = state;
        long second = 0;
        long third = 0;
        long fourth = 0;
        int end = offset + LANE_BYTES;
        for (int at = offset; at < end; at += Long.BYTES) {
            first = next(first ^ (long) LONG.get(buffer, at));
            second = next(second ^ (long) LONG.get(buffer, at + LANE_BYTES));
            third = next(third ^ (long) LONG.get(buffer, at + 2 * LANE_BYTES));
            fourth = next(fourth ^ (long) LONG.get(buffer, at + 3 * LANE_BYTES));
        }
        return afterLane(afterLane(afterLane(first) ^ second) ^ third) ^ fourth;
    }

    @Override
    public byte[] finish() {
        return ByteBuffer.allocate(Long.BYTES).putLong(~crc).array();
    }
}
