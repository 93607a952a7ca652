package dev.groundplane.warehouse.sql;

import java.util.Set;

/** A statement's text as history keeps it: without passwords and keys, and not without end. */
public final class RecordedText {
    /** The longest that is kept, in characters. */
    public static final int LONGEST = 65_536;

    private static final String HIDDEN = "'***'";
    /** The strings after these words are secrets. */
    private static final Set<String> SECRETS =
            Set.of("PASSWORD", "CREDENTIALS", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN");
    /** They may stand between such a word and its string. */
    private static final Set<String> BETWEEN = Set.of("AS", "=", "WITH");

    private RecordedText() {}

    /** The text of a statement. */
    public static String of(Statement statement) {
        var text = statement.tokens().stream().anyMatch(RecordedText::announcesSecret)
                ? withoutSecrets(statement.text())
                : statement.text();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    private static boolean announcesSecret(Token token) {
        return token.kind() == Token.Kind.WORD && SECRETS.contains(token.keyword());
    }

    /** Looks at the text again: a statement's tokens may be those of another form of it. */
    private static String withoutSecrets(String sql) {
        var text = new StringBuilder();
        var copied = 0;
        var secret = false;
        for (var token : Tokenizer.tokens(sql)) {
            if (secret && token.kind() == Token.Kind.STRING) {
                text.append(sql, copied, token.start()).append(HIDDEN);
                copied = token.end();
            }
            secret = announcesSecret(token) || (secret && BETWEEN.contains(token.keyword()));
        }
        return text.append(sql, copied, sql.length()).toString();
    }
}
