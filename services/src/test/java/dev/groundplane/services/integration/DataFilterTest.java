package dev.groundplane.services.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.re2j.Pattern;
import dev.groundplane.services.integration.DataFilter.TablePattern;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataFilterTest {
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "include: *.*.*", " Include:*.*.* "})
    void withoutPatternsAllIsIncluded(String text) {
        DataFilter filter = DataFilter.of(text);
        assertThat(filter.patterns()).containsExactly(new TablePattern(true, "*", "", ""));
        assertThat(filter.database()).isEmpty();
        assertThat(filter.includes("anything")).isTrue();
    }

    @Test
    void patternsAreReadInTheirOrder() {
        DataFilter filter = DataFilter.of(
                "include: app.public./^trade_\\d{1,3}$/, exclude: app.*.\"odd, name\",include: *.`x.y`.*");
        assertThat(filter.patterns())
                .containsExactly(
                        new TablePattern(true, "app", "\\Apublic\\z", "^trade_\\d{1,3}$"),
                        new TablePattern(false, "app", "", "\\Aodd, name\\z"),
                        new TablePattern(true, "*", "\\Ax\\.y\\z", ""));
        assertThat(filter.patterns("other")).containsExactly(filter.patterns().getLast());
    }

    @Test
    void literalsAreWholeNames() {
        Pattern name = Pattern.compile(
                DataFilter.of("include: a.b.c+d").patterns().getFirst().table());
        assertThat(name.matcher("c+d").find()).isTrue();
        assertThat(name.matcher("c+d2").find()).isFalse();
        assertThat(name.matcher("ccd").find()).isFalse();
    }

    @Test
    void itIsOfTheDatabaseThatItIncludesAlone() {
        assertThat(DataFilter.of("include: app.*.*, exclude: other.*.*").database())
                .isEqualTo(Optional.of("app"));
        assertThat(DataFilter.of("include: app.*.*, include: other.*.*").database())
                .isEmpty();
        assertThat(DataFilter.of("include: app.*.*, exclude: other.*.*").includes("other"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"trades", "all-trades", "a b", "a.b", "odd\"name"})
    void allOfADatabaseIsItsFilter(String database) {
        for (SourceEngine engine : SourceEngine.values()) {
            DataFilter all = DataFilter.of(engine, DataFilter.allOf(engine, database));
            assertThat(all.database()).isEqualTo(Optional.of(database));
            assertThat(all.patterns()).hasSize(1);
        }
    }

    @Test
    void withoutSchemasNamesHaveTwoParts() {
        DataFilter filter = DataFilter.of(
                SourceEngine.MARIADB,
                "include: shop.*, exclude: /^sh/./^secret_/, exclude: *.`odd, name`, include: \"shop\".secret_rates");
        assertThat(filter.patterns())
                .containsExactly(
                        new TablePattern(true, "shop", "\\Ashop\\z", ""),
                        new TablePattern(false, "*", "^sh", "^secret_"),
                        new TablePattern(false, "*", "", "\\Aodd, name\\z"),
                        new TablePattern(true, "shop", "\\Ashop\\z", "\\Asecret_rates\\z"));
        assertThat(filter.database()).isEqualTo(Optional.of("shop"));
        assertThat(filter.patterns("shop")).isEqualTo(filter.patterns());
        assertThat(DataFilter.of(SourceEngine.MARIADB, "include: /^sh/.*").database())
                .as("what is included may be of several")
                .isEmpty();
        assertThat(DataFilter.of(SourceEngine.MARIADB, null).patterns())
                .containsExactly(new TablePattern(true, "*", "", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "shop|at character 1 there must be 'include: DATABASE.TABLE' or 'exclude: DATABASE.TABLE'",
                "include: shop|at character 14 there must be DATABASE.TABLE",
                "include: shop.public.t|at character 21 there must be a comma",
                "include: /(/.t|/(/ is no regular expression",
                "exclude: shop.t|it includes nothing; begin with 'include: DATABASE.*'",
            })
    void whatIsNoFilterWithoutSchemasIsRefused(String text, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataFilter.of(SourceEngine.MARIADB, text))
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "trades|at character 1 there must be 'include: DATABASE.SCHEMA.TABLE'",
                "include: a|at character 11 there must be DATABASE.SCHEMA.TABLE",
                "include: a.b|at character 13 there must be DATABASE.SCHEMA.TABLE",
                "include: a.b.|at character 14 there must be a name",
                "include: /a/.b.c|at character 10 there must be a database's name",
                "include: a.b.c d|at character 16 there must be a comma",
                "include: a.b.c, a.b.d|there must be 'include: DATABASE.SCHEMA.TABLE'",
                "include: a.b.c*|at character 15 there must be a comma",
                "include: a.b./c|there must be something between two /",
                "include: a.b./(/|/(/ is no regular expression",
                "include: a.b./(?=x)/|/(?=x)/ is no regular expression",
                "exclude: a.b.c|it includes nothing",
            })
    void whatIsNoFilterIsRefused(String text, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataFilter.of(text))
                .withMessageStartingWith("DataFilter '%s' cannot be used: ", text)
                .withMessageContaining(reason);
    }

    @Test
    void whatIsTooLongIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataFilter.of("include: a.b.c" + ", include: a.b.c".repeat(99)))
                .withMessageContaining("it has 100 patterns; 99 is the most");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataFilter.of("include: a.b." + "c".repeat(253)))
                .withMessageContaining("has 257 characters; 256 is the most");
    }
}
