package dev.groundplane.warehouse.replication.binlog;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of a statement in MariaDB's SQL, without its comments. What is in an executable comment, {@code /*! … *}{@code /}, are words
 * like others.
 */
final class StatementWords {
    private final String text;
    private final List<Word> words = new ArrayList<>();
    private int place;

    private StatementWords(String text) {
        this.text = text;
    }

    /**
     * A name, keyword, number, text or sign.
     *
     * @param quoted whether it is no keyword, because it is quoted
     */
    record Word(String text, boolean quoted) {
        boolean is(String keyword) {
            return !quoted && text.equalsIgnoreCase(keyword);
        }
    }

    static List<Word> of(String statement) {
        var reader = new StatementWords(statement);
        reader.read();
        return List.copyOf(reader.words);
    }

    private void read() {
        while (place < text.length()) {
            var letter = text.charAt(place);
            if (Character.isWhitespace(letter)) {
                place++;
            } else if (letter == '#' || isComment("--")) {
                skipTo("\n");
            } else if (isComment("/*")) {
                comment();
            } else if (isComment("*/")) {
                place += 2; // of an executable one
            } else if (letter == '`' || letter == '\'' || letter == '"') {
                quoted(letter);
            } else if (isOfName(letter)) {
                var begin = place;
                while (place < text.length() && isOfName(text.charAt(place))) {
                    place++;
                }
                words.add(new Word(text.substring(begin, place), false));
            } else {
                words.add(new Word(String.valueOf(letter), false));
                place++;
            }
        }
    }

    private boolean isComment(String begin) {
        if (!text.startsWith(begin, place)) {
            return false;
        }
        var next = place + begin.length();
        return !begin.equals("--") || next >= text.length() || Character.isWhitespace(text.charAt(next));
    }

    private void comment() {
        if (!text.startsWith("/*!", place) && !text.startsWith("/*M!", place)) {
            skipTo("*/");
            return;
        }
        place = text.indexOf('!', place) + 1;
        while (place < text.length() && Character.isDigit(text.charAt(place))) {
            place++; // of the version that executes it
        }
    }

    private void skipTo(String end) {
        var found = text.indexOf(end, place);
        place = found < 0 ? text.length() : found + end.length();
    }

    private void quoted(char quote) {
        var word = new StringBuilder();
        for (place++; place < text.length(); place++) {
            var letter = text.charAt(place);
            if (letter == quote) {
                if (place + 1 == text.length() || text.charAt(place + 1) != quote) {
                    break;
                }
                place++;
            } else if (letter == '\\' && quote != '`' && place + 1 < text.length()) {
                place++;
            }
            word.append(text.charAt(place));
        }
        place++;
        words.add(new Word(word.toString(), true));
    }

    private static boolean isOfName(char letter) {
        return Character.isLetterOrDigit(letter) || letter == '_' || letter == '$' || letter > 0x7F;
    }
}
