package dev.groundplane.warehouse.function;

import java.util.Locale;

/** American Soundex. */
final class Soundex {
    /** Of A to Z; 0 for letters without one. */
    private static final String CODES = "01230120022455012623010202";

    private static final int LENGTH = 4;

    private Soundex() {}

    /** A letter and three digits; empty for a text without letters. */
    static String of(String text) {
        var code = new StringBuilder(LENGTH);
        var last = '0';
        var letters = text.toUpperCase(Locale.ROOT);
        for (var i = 0; i < letters.length(); i++) {
            var c = letters.charAt(i);
            if (c < 'A' || c > 'Z') {
                continue;
            }
            var digit = CODES.charAt(c - 'A');
            if (code.isEmpty()) {
                code.append(c);
                last = digit;
            } else if (c != 'H' && c != 'W') {
                if (digit != '0' && digit != last) {
                    code.append(digit);
                }
                last = digit;
            }
            if (code.length() == LENGTH) {
                return code.toString();
            }
        }
        return code.isEmpty() ? "" : code + "0".repeat(LENGTH - code.length());
    }

    /** How many characters of two codes are the same, 0 to 4. */
    static String difference(String one, String other) {
        var a = of(one);
        var b = of(other);
        var same = 0;
        for (var i = 0; i < Math.min(a.length(), b.length()); i++) {
            same += a.charAt(i) == b.charAt(i) ? 1 : 0;
        }
        return Integer.toString(same);
    }
}
