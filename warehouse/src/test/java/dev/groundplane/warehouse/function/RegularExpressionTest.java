package dev.groundplane.warehouse.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegularExpressionTest {
    private static final String MANY = "a".repeat(60_000);

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+b", "(a|aa)+b", "(.*)(.*)(.*)b", "(a*)*b"})
    void noPatternOfPosixTakesForever(String pattern) {
        var text = "a".repeat(5000);
        assertThat(RegularExpression.of(pattern, "c").position(text, "1", "1", "0"))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+b", "(?=(a+)+b)a"})
    void aPatternOfPerlsIsGivenUpWhenItTakesForever(String pattern) {
        assertThatExceptionOfType(FunctionFailure.class)
                .isThrownBy(() -> RegularExpression.of(pattern, "p").count(MANY, "1"))
                .withMessageStartingWith("54001");
    }

    @Test
    void aStackThatOverflowsIsAnError() {
        assertThat(RegularExpression.of("(a|b)+c", "c").position(MANY, "1", "1", "0"))
                .isEqualTo("0");
        assertThatExceptionOfType(FunctionFailure.class)
                .isThrownBy(() -> RegularExpression.of("(a|b)+", "p").count(MANY, "1"))
                .withMessageStartingWith("54001");
    }

    /** "Redshift Database Developer Guide, REGEXP_INSTR". */
    @ParameterizedTest
    @CsvSource({
        "abcabc, b, 1, 1, 0, 2",
        "abcabc, b, 1, 2, 0, 5",
        "abcabc, b, 1, 2, 1, 6",
        "abcabc, b, 1, 2, 7, 6",
        "abcabc, b, 0, 1, 0, 2",
        "abcabc, b, -3, 1, 0, 2",
        "abcabc, b, 3, 1, 0, 5",
        "abcabc, b, 7, 1, 0, 0",
        "abcabc, 'x*', 7, 1, 0, 0",
        "abcabc, b, 1, 0, 0, 0",
        "abcabc, b, 1, -1, 0, 0",
        "abcabc, b, 1, 3, 0, 0",
        "abc, '', 1, 4, 0, 0",
        "'', '^$', 1, 1, 0, 1"
    })
    void aPositionIsAsRedshiftTellsIt(
            String text, String pattern, String position, String occurrence, String option, String expected) {
        assertThat(RegularExpression.of(pattern, "c").position(text, position, occurrence, option))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"e", "pe"})
    void aGroupWithoutAPartInTheMatchIsNowhere(String parameters) {
        var pattern = RegularExpression.of("a(x)?b", parameters);
        assertThat(pattern.position("ab", "1", "1", "0")).isEqualTo("0");
        assertThat(pattern.part("ab", "1", "1")).isEmpty();
        assertThat(pattern.position("axb", "1", "1", "0")).isEqualTo("2");
        assertThat(pattern.replace("ab axb", "[$1]", "1")).isEqualTo("[] [x]");
    }

    @Test
    void anOccurrenceThatCannotBeIsNoText() {
        var pattern = RegularExpression.of("b", "c");
        assertThat(pattern.part("abc", "1", "0")).isNull();
        assertThat(pattern.part("abc", "1", "4")).isNull();
        assertThat(pattern.part("abc", "1", "2")).isEmpty();
        assertThat(pattern.part("abc", "4", "1")).isEmpty();
    }
}
