package dev.groundplane.services.parallelcluster.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.services.parallelcluster.model.ConfigValidationMessage;
import dev.groundplane.services.parallelcluster.model.ValidationLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTreeTest {
    @Test
    void aSyntaxErrorIsOneMessageWithItsPlace() {
        assertThat(ConfigurationReader.read("Image:\n  Os: [alinux2023\nHeadNode: 1\n")
                        .messages())
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.id()).isNull();
                    assertThat(message.level()).isEqualTo(ValidationLevel.ERROR);
                    assertThat(message.type()).isEqualTo("YamlSyntaxValidator");
                    assertThat(message.message()).startsWith("The configuration is not valid YAML: line 3, column ");
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `a: 1\n\nb: 2\na: 3`         | line 4, column 1: the key 'a' comes twice
            `a: {b: 1, b: 2}`            | line 1, column 11: the key 'b' comes twice
            `"a": 1\na: 2`               | line 2, column 1: the key 'a' comes twice
            `a: !x 1`                    | line 1, column 4: the tag '!x' is refused
            `a: !!java.lang.Object []`   | line 1, column 4: the tag 'tag:yaml.org,2002:java.lang.Object' is refused
            `--- !x {a: b}`              | line 1, column 5: the tag '!x' is refused
            `a: *b`                      | line 1, column 4: the alias *b names no complete value
            `&a [*a]`                    | line 1, column 5: the alias *a names no complete value
            `? [a]\n: b`                 | a key is a list or a mapping
            `{a: 1}\n---\n{b: 2}`        | line 2, column 1: a second document begins
            """)
    void whatIsRefused(String yaml, String message) {
        assertThatThrownBy(() -> YamlTree.parse(yaml.replace("\\n", "\n")))
                .isInstanceOf(YamlSyntaxException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: \u0000",
                "%YAML 9.9\n--- a",
                "%YAML 1.99999999999\n--- a",
                "a: \"\\ud800\"",
                "a: \"\\0\"",
                "\"\\a\": 1",
                "\t- a",
                "@",
                "a: b: c",
                "]"
            })
    void whatIsNoYamlIsOneMessage(String yaml) {
        assertThat(ConfigurationReader.read(yaml).messages())
                .singleElement()
                .extracting(ConfigValidationMessage::level)
                .isEqualTo(ValidationLevel.ERROR);
    }

    @Test
    void aTreeHasADepth() throws YamlSyntaxException {
        assertThat(YamlTree.parse("[".repeat(32) + "]".repeat(32))).isPresent();
        assertThatThrownBy(() -> YamlTree.parse("[".repeat(33) + "]".repeat(33)))
                .hasMessageContaining("32 deep");
        assertThatThrownBy(() -> YamlTree.parse("[".repeat(60_000))).hasMessageContaining("32 deep");
        assertThatThrownBy(() -> YamlTree.parse("{a: ".repeat(15_000))).hasMessageContaining("32 deep");
        assertThatThrownBy(() -> YamlTree.parse("- ".repeat(30_000))).hasMessageContaining("32 deep");
    }

    @Test
    void aTextHasALength() throws YamlSyntaxException {
        assertThat(YamlTree.parse("#".repeat(YamlTree.LONGEST_TEXT))).isEmpty();
        assertThatThrownBy(() -> YamlTree.parse("#".repeat(YamlTree.LONGEST_TEXT + 1)))
                .hasMessageContaining("65537 characters; at most 65536");
    }

    @Test
    void aliasesAreCountedAsOftenAsTheyAreUsed() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            String alias = "*a" + (i - 1);
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, (alias + ", ").repeat(9) + alias));
        }
        assertThatThrownBy(() -> YamlTree.parse(bomb.toString())).hasMessageContaining("more than 20000 values");
        assertThatThrownBy(() -> YamlTree.parse("[" + "a,".repeat(30_000) + "]"))
                .hasMessageContaining("more than 20000 values");
    }

    @Test
    void aliasesAreWhatTheyStandFor() {
        String yaml = Files.with("{SubnetId: subnet-12345678}", "{SubnetId: &subnet subnet-12345678}")
                .replace("[subnet-12345678]", "[*subnet]");
        assertThat(ConfigurationReader.read(yaml).configuration()).isPresent();
    }

    @Test
    void jsonIsYaml() {
        assertThat(Files.errors("{\"Image\": {\"Os\": \"alinux2023\"}, \"HeadNode\": 1, \"Scheduling\": null}"))
                .containsExactly("HeadNode ConfigSchemaValidator", "Scheduling ConfigSchemaValidator");
    }
}
