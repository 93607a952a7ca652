package dev.groundplane.platform.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.ResourceChange;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.testing.TestStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourcesTest {
    private static final Scope HERE = new Scope("111111111111", "us-east-1");
    private static final Scope THERE = new Scope("111111111111", "eu-west-1");

    /** Indexed by the value itself and by the extra {@code owner}, when it has one. */
    private static final ResourceType<String> THING = new ResourceType<>(
            "test:thing", value -> "<" + value + ">", text -> text.substring(1, text.length() - 1), (value, extra) -> {
                Map<String, String> indexes = new HashMap<>(Map.of("value", value));
                if (extra.containsKey("owner")) {
                    indexes.put("owner", extra.get("owner"));
                }
                return indexes;
            });

    @TempDir
    private Path directory;

    private final List<ResourceChange> told = new ArrayList<>();
    private Database database;
    private Events events;
    private Resources<String> things;

    @BeforeEach
    void open() {
        events = new Events();
        database = TestStore.open(directory.resolve("db"), Resources.MIGRATIONS, events);
        events.subscribe("test:thing", told::add);
        things = new Resources<>(database, events, THING);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whatWasInsertedIsFoundUnderItsScopeTypeAndName() {
        insert("a", "red", Map.of("owner", "me", "other", "x"));

        assertThat(things.find(HERE, "a"))
                .contains(new Stored<>(HERE, "a", 1, "red", Map.of("owner", "me", "other", "x")));
        assertThat(things.find(HERE, "b")).isEmpty();
        assertThat(things.find(THERE, "a")).isEmpty();
        Resources<String> others =
                new Resources<>(database, events, ResourceType.of("test:other", value -> value, text -> text));
        assertThat(others.find(HERE, "a")).isEmpty();
        assertThat(others.all()).isEmpty();
    }

    @Test
    void aNameIsTakenOnceWithinAScope() {
        insert("a", "red", Map.of());
        assertThatThrownBy(() -> insert("a", "blue", Map.of())).isInstanceOf(GroundplaneException.class);
        database.write(tx -> things.insert(tx, THERE, "a", "green", Map.of()));

        assertThat(value(HERE, "a")).isEqualTo("red");
        assertThat(value(THERE, "a")).isEqualTo("green");
        assertThat(things.all()).hasSize(2);
    }

    @Test
    void anOpenTransactionSeesItsOwnWrites() {
        Optional<Stored<String>> seen = database.write(tx -> {
            things.insert(tx, HERE, "a", "red", Map.of());
            assertThat(things.find(HERE, "a")).as("outside").isEmpty();
            return things.find(tx, HERE, "a");
        });

        assertThat(seen).isPresent();
    }

    @Test
    void anUpdateReplacesValueAndExtrasAndCountsTheVersion() {
        insert("a", "red", Map.of("owner", "me"));
        Stored<String> updated =
                database.write(tx -> things.update(tx, find("a").with("blue").withExtra("seen", "yes")));

        assertThat(updated).isEqualTo(new Stored<>(HERE, "a", 2, "blue", Map.of("owner", "me", "seen", "yes")));
        assertThat(find("a")).isEqualTo(updated);
    }

    @Test
    void aStaleVersionIsRefusedAndNothingChanges() {
        Stored<String> first = insert("a", "red", Map.of());
        database.write(tx -> things.update(tx, first.with("blue")));

        assertThatThrownBy(() -> database.write(tx -> things.update(tx, first.with("green"))))
                .isInstanceOf(GroundplaneException.class)
                .hasMessage("test:thing a is no longer at version 1");
        assertThatThrownBy(() -> database.write(tx -> {
                    things.delete(tx, first);
                    return first;
                }))
                .isInstanceOf(GroundplaneException.class);
        assertThat(value(HERE, "a")).isEqualTo("blue");
        assertThat(names(things.listByIndex(HERE, "value", "blue", "", 10))).containsExactly("a");
        assertThat(names(things.listByIndex(HERE, "value", "green", "", 10))).isEmpty();
    }

    @Test
    void whatWasDeletedIsGoneAlsoFromTheIndexesAndCannotBeUpdated() {
        Stored<String> stored = insert("a", "red", Map.of("owner", "me"));
        delete(stored);

        assertThat(things.find(HERE, "a")).isEmpty();
        assertThat(names(things.listByIndex(HERE, "owner", "me", "", 10))).isEmpty();
        assertThat(things.listByIndexUpTo("owner", "zzz", 10)).isEmpty();
        assertThatThrownBy(() -> database.write(tx -> things.update(tx, stored.with("blue"))))
                .isInstanceOf(GroundplaneException.class);
        assertThat(insert("a", "again", Map.of()).version()).isEqualTo(1);
    }

    @Test
    void indexesFollowValueAndExtras() {
        insert("a", "red", Map.of("owner", "me"));
        database.write(tx -> things.update(tx, find("a").with("blue")));
        assertThat(names(things.listByIndex(HERE, "value", "red", "", 10))).isEmpty();
        assertThat(names(things.listByIndex(HERE, "value", "blue", "", 10))).containsExactly("a");
        assertThat(names(things.listByIndex(HERE, "owner", "me", "", 10))).containsExactly("a");

        database.write(tx -> things.update(tx, find("a").withExtra("owner", null)));
        assertThat(names(things.listByIndex(HERE, "owner", "me", "", 10))).isEmpty();

        database.write(tx -> things.update(tx, find("a").withExtra("owner", "you")));
        assertThat(names(things.listByIndex(HERE, "owner", "you", "", 10))).containsExactly("a");
    }

    @Test
    void anIndexIsListedInPagesWithinItsScope() {
        for (String name : List.of("d", "a", "c", "b")) {
            insert(name, "red", Map.of());
        }
        insert("e", "blue", Map.of());
        database.write(tx -> things.insert(tx, THERE, "f", "red", Map.of()));

        assertThat(things.namesByIndex(HERE, "value", "red")).containsExactly("a", "b", "c", "d");
        Page<String> first = things.listByIndex(HERE, "value", "red", "", 3);
        assertThat(names(first)).containsExactly("a", "b", "c");
        assertThat(first.next()).contains("c");
        Page<String> rest = things.listByIndex(HERE, "value", "red", "c", 3);
        assertThat(names(rest)).containsExactly("d");
        assertThat(rest.next()).isEmpty();
    }

    @Test
    void anIndexIsListedUpToAValueInEveryScopeLowestFirst() {
        insert("late", "z", Map.of("owner", "005"));
        insert("now", "z", Map.of("owner", "003"));
        database.write(tx -> things.insert(tx, THERE, "early", "z", Map.of("owner", "001")));
        insert("never", "z", Map.of());

        assertThat(things.listByIndexUpTo("owner", "003", 10))
                .extracting(Stored::name)
                .containsExactly("early", "now");
        assertThat(things.listByIndexUpTo("owner", "999", 2))
                .extracting(Stored::name)
                .containsExactly("early", "now");
    }

    @Test
    void aListingTakesAPrefixAStartAndALimit() {
        for (String name : List.of("a/1", "a/2", "a/3", "a0", "a", "b/1")) {
            insert(name, name, Map.of());
        }

        assertThat(names(things.list(HERE, "", "", Resources.ALL)))
                .containsExactly("a", "a/1", "a/2", "a/3", "a0", "b/1");
        assertThat(names(things.list(HERE, "a/", "", 10))).containsExactly("a/1", "a/2", "a/3");
        assertThat(names(things.list(HERE, "a/", "a/1", 1))).containsExactly("a/2");
        assertThat(things.list(HERE, "a/", "", 3).next())
                .as("exactly full is the last")
                .isEmpty();
        assertThat(things.list(HERE, "a/", "", 2).next()).contains("a/2");
        assertThat(names(things.list(THERE, "", "", 10))).isEmpty();
    }

    @Test
    void changesAreToldOnceTheyAreDurableAndNeverWhenUndone() {
        ResourceChange change = new ResourceChange("test:thing", HERE, "a");
        Stored<String> stored = database.write(tx -> {
            Stored<String> inserted = things.insert(tx, HERE, "a", "red", Map.of());
            assertThat(told).isEmpty();
            return inserted;
        });
        assertThat(told).containsExactly(change);

        Stored<String> updated = database.write(tx -> things.update(tx, stored.with("blue")));
        delete(updated);
        assertThat(told).containsExactly(change, change, change);

        assertThatThrownBy(() -> database.write(tx -> {
                    things.insert(tx, HERE, "b", "red", Map.of());
                    throw new IllegalStateException("undone");
                }))
                .hasMessage("undone");
        assertThat(told).hasSize(3);
    }

    @Test
    void aSubscriberReadsWhatItWasToldOf() {
        List<String> seen = new ArrayList<>();
        events.subscribe("test:thing", change -> seen.add(value(change.scope(), change.name())));
        insert("a", "red", Map.of());
        insert("b", "blue", Map.of());

        assertThat(seen).containsExactly("red", "blue");
    }

    private Stored<String> insert(String name, String value, Map<String, String> extra) {
        return database.write(tx -> things.insert(tx, HERE, name, value, extra));
    }

    private void delete(Stored<String> stored) {
        database.write(tx -> {
            things.delete(tx, stored);
            return stored;
        });
    }

    private Stored<String> find(String name) {
        return things.find(HERE, name).orElseThrow();
    }

    private String value(Scope scope, String name) {
        return things.find(scope, name).orElseThrow().value();
    }

    private static List<String> names(Page<String> page) {
        return page.items().stream().map(Stored::name).toList();
    }
}
