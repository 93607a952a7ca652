package dev.groundplane.warehouse.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.DriverManager;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Characters beyond ASCII: where a name ends for the engine, it ends here. */
class TokenizerTest {
    @Test
    void whatTheEngineTakesForSpaceIsNoPartOfAName() throws Exception {
        var characters = IntStream.rangeClosed(128, Character.MAX_VALUE)
                .filter(c -> !Character.isSurrogate((char) c))
                .mapToObj(Character::toString)
                .toList();
        var names = namesInEngine(characters);

        var spaces = 0;
        for (var i = 0; i < characters.size(); i++) {
            var c = characters.get(i);
            if (names.get(i).equals("f")) {
                spaces++;
                assertThat(isRefused("f" + c + "(1)") || words("f" + c + "(1)").equals(List.of("f", "(", "1", ")")))
                        .as("U+%04X", (int) c.charAt(0))
                        .isTrue();
            }
        }
        assertThat(spaces).isGreaterThan(10);
    }

    /** What the engine calls a function of which only the last character is another one. */
    private static List<String> namesInEngine(List<String> characters) throws Exception {
        var query = "SELECT "
                + String.join(
                        ", ", characters.stream().map(c -> "f" + c + "(1)").toList());
        try (var engine = DriverManager.getConnection("jdbc:duckdb:");
                var statement = engine.prepareStatement("SELECT json_serialize_sql(?)")) {
            statement.setString(1, query);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return new ObjectMapper().readTree(rows.getString(1)).findValuesAsText("function_name");
            }
        }
    }

    private static boolean isRefused(String script) {
        try {
            words(script);
            return false;
        } catch (SqlFailure refused) {
            return true;
        }
    }

    private static List<String> words(String script) {
        return Tokenizer.tokens(script).stream().map(Token::text).toList();
    }

    @Test
    void lettersAndSignsOfAllLanguagesAreNames() {
        assertThat(words("größe n° क्षेत्र ☃ 😀")).containsExactly("größe", "n°", "क्षेत्र", "☃", "😀");
        assertThat(words("a\u2003b")).containsExactly("a", "b");
        assertThat(words("'a\u00a0b' \"c\u200bd\"")).containsExactly("'a\u00a0b'", "\"c\u200bd\"");
    }

    @Test
    void aCharacterThatCannotBeSeenIsNamed() {
        assertThatExceptionOfType(SqlFailure.class)
                .isThrownBy(() -> words("SELECT\u00a01"))
                .withMessageContaining("U+00A0");
    }
}
