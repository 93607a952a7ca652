package dev.groundplane.services.redshiftdata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamedParametersTest {
    private static final Map<String, String> VALUES = Map.of("id", "7", "name", "x");

    @Test
    void parametersAreFoundInTheOrderOfTheirPlaces() {
        var parsed = NamedParameters.parse("SELECT :name, :id::int WHERE a=:id", VALUES);

        assertThat(parsed.text()).isEqualTo("SELECT ?, ?::int WHERE a=?");
        assertThat(parsed.names()).containsExactly("name", "id", "id");
        assertThat(parsed.statements()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT ':id'",
                "SELECT 'it''s :id'",
                "SELECT 'it\\'s :id'",
                "SELECT \":id\"",
                "SELECT 1 -- :id",
                "SELECT 1 /* :id /* :id */ :id */",
                "SELECT $$ :id $$",
                "SELECT $a$ :id $$ :id $a$",
                "SELECT a[1:2], b::id, :other"
            })
    void whatOnlyLooksLikeAParameterIsLeft(String sql) {
        assertThat(NamedParameters.parse(sql, VALUES)).isEqualTo(new NamedParameters.Parsed(sql, List.of(), 1));
    }

    @Test
    void questionMarksAreNotTheDrivers() {
        assertThat(NamedParameters.parse("SELECT '?', a ? 'b' WHERE c = :id", VALUES)
                        .text())
                .isEqualTo("SELECT '?', a ?? 'b' WHERE c = ?");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "SELECT 1;, 1",
                "SELECT 1; SELECT 2, 2",
                "SELECT ';'; -- ; SELECT 2, 1",
                "CREATE PROCEDURE p() AS $$ BEGIN; END; $$, 1",
                "; ;, 0",
                "-- nothing, 0",
                "SELECT 'open ; SELECT 2, 1"
            })
    void statementsAreCounted(String sql, int statements) {
        assertThat(NamedParameters.parse(sql, Map.of()).statements()).isEqualTo(statements);
    }
}
