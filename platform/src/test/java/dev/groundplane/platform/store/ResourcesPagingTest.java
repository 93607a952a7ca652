package dev.groundplane.platform.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.testing.TestStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Paging visits every name once and in order, whatever the names and the page size. */
class ResourcesPagingTest {
    /** Names are ordered as their UTF-8 bytes, which is the order of code points and not Java's of surrogates. */
    private static final Comparator<String> BYTE_ORDER =
            Comparator.comparing(s -> s.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private static Path directory;
    private static Database database;
    private static Resources<String> things;
    private static int scopes;

    @BeforeContainer
    static void open() throws IOException {
        directory = Files.createTempDirectory("resources-paging");
        database = TestStore.open(directory.resolve("db"), Resources.MIGRATIONS, new Events());
        things = new Resources<>(
                database,
                new Events(),
                new ResourceType<>("test:thing", v -> v, v -> v, (value, extra) -> Map.of("value", value)));
    }

    @AfterContainer
    static void close() throws IOException {
        database.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Of few letters, so that names are prefixes of one another, and of the ends of Unicode. */
    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of(
                        "a", "A", "/", "%", "_", "é", "\u007f", "\u07ff", "\uffee", "\ud83d\ude00", "\udbff\udffd")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(letters -> String.join("", letters));
    }

    @Provide
    Arbitrary<Set<String>> nameSets() {
        return names().set().ofMaxSize(30);
    }

    @Property(tries = 100)
    void aPrefixIsListedOnceAndInOrder(
            @ForAll("nameSets") Set<String> names,
            @ForAll("names") String prefix,
            @ForAll boolean all,
            @ForAll @IntRange(min = 1, max = 7) int pageSize) {
        Scope scope = scopeWith(names, "same");
        String wanted = all ? "" : prefix;

        List<String> visited = visit(pageSize, after -> things.list(scope, wanted, after, pageSize));

        assertThat(visited)
                .isEqualTo(names.stream()
                        .filter(n -> n.startsWith(wanted))
                        .sorted(BYTE_ORDER)
                        .toList());
    }

    @Property(tries = 50)
    void anIndexIsListedOnceAndInOrder(
            @ForAll("nameSets") Set<String> names, @ForAll @IntRange(min = 1, max = 7) int pageSize) {
        Scope scope = scopeWith(names, "indexed");

        List<String> visited = visit(pageSize, after -> things.listByIndex(scope, "value", "indexed", after, pageSize));

        assertThat(visited).isEqualTo(names.stream().sorted(BYTE_ORDER).toList());
    }

    private static Scope scopeWith(Set<String> names, String value) {
        scopes++;
        Scope scope = new Scope(Integer.toString(scopes), "us-east-1");
        database.write(tx -> {
            for (String name : names) {
                things.insert(tx, scope, name, value, Map.of());
            }
            return names.size();
        });
        return scope;
    }

    private static List<String> visit(int pageSize, Function<String, Page<String>> list) {
        List<String> visited = new ArrayList<>();
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            Page<String> page = list.apply(next.get());
            assertThat(page.items()).hasSizeLessThanOrEqualTo(pageSize);
            page.items().forEach(stored -> visited.add(stored.name()));
            next = page.next();
        }
        return visited;
    }
}
