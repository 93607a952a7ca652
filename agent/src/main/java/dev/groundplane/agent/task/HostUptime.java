package dev.groundplane.agent.task;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Reads /proc/uptime, which is asked with each step of each task, from a file that stays open. Thread safe. */
final class HostUptime implements Uptime {
    private static final int LONGEST = 64;

    private final RandomAccessFile file;
    private final byte[] text = new byte[LONGEST];

    HostUptime() {
        try {
            // No channel: an interrupt of a thread that reads would close it for all.
            file = new RandomAccessFile("/proc/uptime", "r");
        } catch (FileNotFoundException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized Duration now() {
        try {
            file.seek(0);
            var length = file.read(text);
            var seconds = new String(text, 0, length, StandardCharsets.US_ASCII).split(" ", 2)[0];
            return Duration.ofMillis((long) (Double.parseDouble(seconds) * 1000));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
