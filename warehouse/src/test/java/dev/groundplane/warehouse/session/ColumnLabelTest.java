package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnLabelTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            amount                     | amount
            my column                  | my column
            count_star()               | count
            sum(i)                     | sum
            (sum(i) // 2)              | ?column?
            1                          | ?column?
            'text'                     | ?column?
            CAST(amount AS INTEGER)    | amount
            CAST('1' AS INTEGER)       | integer
            CAST(NULL AS DECIMAL(8,2)) | NULL
            "version"()                | version
            """)
    void aColumnWithoutANameIsCalledAsPostgresqlDoes(String engine, String shown) {
        assertThat(ColumnLabel.of(engine)).isEqualTo(shown);
    }
}
