package dev.groundplane.warehouse.replication.binlog;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Texts of dates and times as the server writes them. Source: MariaDB's documentation of rows in the binary log, and the layouts of
 * MySQL 5.6's temporal types, which MariaDB has by default.
 */
final class Temporal {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final int MICRO_DIGITS = 6;

    private Temporal() {}

    static String date(Cursor row) {
        var value = row.little(3);
        return day(value >> 9, (value >> 5) & 15, value & 31);
    }

    /** In UTC; none at all is in the log as zero, which is no moment that there can be. */
    static String timestamp(Cursor row, int digits) {
        var seconds = row.big(4);
        var micros = micros(row, digits);
        return (seconds == 0 && micros == 0 ? "0000-00-00 00:00:00" : SECONDS.format(Instant.ofEpochSecond(seconds)))
                + fraction(micros, digits);
    }

    static String datetime(Cursor row, int digits) {
        var value = row.big(5) - (1L << 39);
        var micros = micros(row, digits);
        var day = value >> 17;
        var month = day >> 5;
        return day(month / 13, month % 13, day & 31) + " " + time((value >> 12) & 31, value) + fraction(micros, digits);
    }

    /** A length of time, which may be negative or longer than a day. */
    static String duration(Cursor row, int digits) {
        var bytes = bytes(digits);
        var bits = Byte.SIZE * bytes;
        // One number, of which the fraction is the lowest part.
        var value = row.big(3 + bytes) - (1L << (23 + bits));
        var absolute = Math.abs(value);
        var whole = absolute >> bits;
        var micros = (absolute & ((1L << bits) - 1)) * scale(bytes);
        return (value < 0 ? "-" : "") + time((whole >> 12) & 1023, whole) + fraction(micros, digits);
    }

    private static String day(long year, long month, long day) {
        return pad(year, 4) + "-" + pad(month, 2) + "-" + pad(day, 2);
    }

    /** @param value with minutes and seconds in its lowest bits */
    private static String time(long hours, long value) {
        return pad(hours, 2) + ":" + pad((value >> 6) & 63, 2) + ":" + pad(value & 63, 2);
    }

    private static String pad(long value, int digits) {
        var text = Long.toString(value);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    private static int bytes(int digits) {
        return (digits + 1) / 2;
    }

    private static long micros(Cursor row, int digits) {
        var bytes = bytes(digits);
        return row.big(bytes) * scale(bytes);
    }

    /** What makes microseconds of a fraction of so many bytes, which have two digits each. */
    private static int scale(int bytes) {
        return switch (bytes) {
            case 1 -> 10_000;
            case 2 -> 100;
            default -> 1;
        };
    }

    private static String fraction(long micros, int digits) {
        return digits == 0 ? "" : "." + pad(micros, MICRO_DIGITS).substring(0, digits);
    }
}
