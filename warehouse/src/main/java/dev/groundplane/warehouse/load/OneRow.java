package dev.groundplane.warehouse.load;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A file of which no more is read for one row than the longest row has, and what a reader reads ahead. For one thread. */
final class OneRow extends FilterInputStream {
    private static final int AHEAD = 64 * 1024;

    private long read;
    private long line = 1;

    OneRow(InputStream file) {
        super(file);
    }

    /**
     * The next row begins about here.
     *
     * @param number of its line
     */
    void next(long number) {
        read = 0;
        line = number;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws dev.groundplane.warehouse.sql.SqlFailure when the row is too long */
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Lines.requireRow(read - AHEAD, line);
        var count = super.read(bytes, offset, length);
        read += Math.max(0, count);
        return count;
    }
}
