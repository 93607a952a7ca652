package dev.groundplane.services.parallelcluster.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.services.parallelcluster.configuration.Key.Effect;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The table of keys in docs/hpc-configuration.md is made of {@link Schema}; this fails when what is there differs. Run with
 * {@code -Dcoverage.write=true} to bring it up to date.
 */
class KeyTableTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "hpc-configuration.md");
    private static final String HEAD = "| Key | What becomes of it | |\n|---|---|---|\n";

    @Test
    void theDocumentSaysWhatTheCodeDoes() throws IOException {
        String table = table();
        String document = java.nio.file.Files.readString(DOCUMENT);
        int begin = document.indexOf(HEAD);
        assertThat(begin).as("the table's head in %s", DOCUMENT).isNotNegative();
        int end = document.indexOf("\n\n", begin);
        String updated = document.substring(0, begin) + table + document.substring(end + 1);
        if (Boolean.getBoolean("coverage.write")) {
            java.nio.file.Files.writeString(DOCUMENT, updated);
        }
        assertThat(DOCUMENT)
                .as("docs/hpc-configuration.md is out of date; ./mvnw -pl services -am test -Dtest=KeyTableTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dcoverage.write=true")
                .content()
                .isEqualTo(updated);
    }

    private static String table() {
        StringBuilder table = new StringBuilder(HEAD);
        add(Schema.CLUSTER, "", table);
        return table.toString();
    }

    private static void add(Section section, String path, StringBuilder table) {
        for (Key key : section.keys()) {
            String name = path + key.name();
            if (key.effect() == Effect.USED && key.shape() instanceof Section below) {
                add(below, name + "/", table);
            } else if (key.effect() == Effect.USED
                    && key.shape() instanceof ListOf list
                    && list.item() instanceof Section below) {
                add(below, name + "[]/", table);
            } else {
                table.append(
                        "| `%s`%s | %s | %s |\n".formatted(name, key.required() ? "\\*" : "", words(key), key.note()));
            }
        }
    }

    /** A key of which no value is implemented is not implemented itself. */
    private static String words(Key key) {
        boolean nothing = key.shape() instanceof Choice choice
                && choice.values().isEmpty()
                && choice.hollow().isEmpty();
        return nothing ? Effect.REFUSED.words : key.effect().words;
    }
}
