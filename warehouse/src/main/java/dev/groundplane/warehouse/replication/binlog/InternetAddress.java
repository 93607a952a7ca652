package dev.groundplane.warehouse.replication.binlog;

import java.util.ArrayList;
import java.util.Arrays;

/** Texts of internet addresses as MariaDB writes them. */
final class InternetAddress {
    private static final int FOUR_BYTES = 4;
    private static final int SIX_BYTES = 16;
    private static final int WORDS = 8;
    /** The words before an address of four bytes that is written as one within six. */
    private static final int BEFORE_FOUR = 6;

    private InternetAddress() {}

    /** @param bytes without the zeros at the end */
    static String four(byte[] bytes) {
        return four(Arrays.copyOf(bytes, FOUR_BYTES), 0);
    }

    private static String four(byte[] bytes, int from) {
        var numbers = new ArrayList<String>();
        for (var i = from; i < from + FOUR_BYTES; i++) {
            numbers.add(Integer.toString(bytes[i] & 0xFF));
        }
        return String.join(".", numbers);
    }

    /**
     * The longest run of zeros, and of those as long the first, is left out.
     *
     * @param bytes without the zeros at the end
     */
    static String six(byte[] bytes) {
        var all = Arrays.copyOf(bytes, SIX_BYTES);
        var words = new int[WORDS];
        for (var i = 0; i < WORDS; i++) {
            words[i] = ((all[2 * i] & 0xFF) << Byte.SIZE) | (all[2 * i + 1] & 0xFF);
        }
        var gap = -1;
        var length = 0;
        for (var i = 0; i < WORDS; i++) {
            var end = i;
            while (end < WORDS && words[end] == 0) {
                end++;
            }
            if (end - i > length) {
                gap = i;
                length = end - i;
            }
        }
        var text = new StringBuilder();
        for (var i = 0; i < WORDS; i++) {
            if (i == gap) {
                text.append("::");
                i += length - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            if (i == BEFORE_FOUR
                    && gap == 0
                    && (length == BEFORE_FOUR || (length == BEFORE_FOUR - 1 && words[BEFORE_FOUR - 1] == 0xFFFF))) {
                return text.append(four(all, 2 * BEFORE_FOUR)).toString();
            }
            text.append(Integer.toHexString(words[i]));
        }
        return text.toString();
    }
}
