package dev.groundplane.warehouse.replication.binlog;

import dev.groundplane.warehouse.replication.binlog.StatementWords.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a statement of the log does to tables. Which tables it names is all that is read: what these are afterwards the catalog tells. A
 * statement that is not understood may have changed every table.
 */
public sealed interface SchemaChange {
    /** Nothing. */
    record None() implements SchemaChange {}

    /** Tables were made, altered, renamed or dropped; names are those before and after it. */
    record Altered(List<Name> tables) implements SchemaChange {}

    /** A table was made, unless there was one of this name, which is as it was then. */
    record MadeIfMissing(Name table) implements SchemaChange {}

    /** A table has no rows any more. */
    record Truncated(Name table) implements SchemaChange {}

    /** The transaction's changes since a point of it are not to be. */
    record RolledBackTo() implements SchemaChange {}

    /**
     * The changes end of a transaction that is prepared with that, if its group says so.
     *
     * @param transaction its name
     */
    record PreparedEnded(String transaction) implements SchemaChange {}

    /**
     * A transaction that was prepared earlier is committed.
     *
     * @param transaction its name
     */
    record PreparedCommitted(String transaction) implements SchemaChange {}

    /** Any table may have changed. */
    record Unknown() implements SchemaChange {}

    /**
     * A table's name.
     *
     * @param table empty for all tables of the database
     */
    record Name(String database, String table) {}

    /**
     * What a statement does.
     *
     * @param database the session's
     */
    static SchemaChange of(String database, String statement) {
        if (statement.indexOf('\uFFFD') >= 0) {
            return new Unknown(); // it is in another character set, so that a name may be another one
        }
        return new Parser(database, StatementWords.of(statement)).change();
    }

    /** For one statement. */
    final class Parser {
        private static final Set<String> HARMLESS = Set.of(
                "BEGIN",
                "COMMIT",
                "SAVEPOINT",
                "RELEASE",
                "GRANT",
                "REVOKE",
                "FLUSH",
                "ANALYZE",
                "OPTIMIZE",
                "REPAIR",
                "CHECK",
                "INSTALL",
                "UNINSTALL",
                "SET",
                "LOCK",
                "UNLOCK");
        /** What is made, altered and dropped besides tables. */
        private static final Set<String> OTHERS = Set.of(
                "VIEW",
                "PROCEDURE",
                "FUNCTION",
                "TRIGGER",
                "EVENT",
                "USER",
                "ROLE",
                "SERVER",
                "SEQUENCE",
                "INDEX",
                "PACKAGE",
                "LIBRARY",
                "REFERENCE",
                "RESOURCE",
                "INSTANCE",
                "TABLESPACE");
        /** Parts of {@code ALTER TABLE} that leave rows and columns as they are, by their first words. */
        private static final List<List<String>> LEFT = List.of(
                List.of("ADD", "INDEX"),
                List.of("ADD", "KEY"),
                List.of("ADD", "FULLTEXT"),
                List.of("DROP", "INDEX"),
                List.of("DROP", "KEY"),
                List.of("RENAME", "INDEX"),
                List.of("RENAME", "KEY"),
                List.of("COMMENT"),
                List.of("AUTO_INCREMENT"),
                List.of("ALGORITHM"),
                List.of("LOCK"),
                List.of("DISABLE", "KEYS"),
                List.of("ENABLE", "KEYS"));

        private final String database;
        private final List<Word> words;
        private int place;

        private Parser(String database, List<Word> words) {
            this.database = database;
            this.words = words;
        }

        private SchemaChange change() {
            if (is("SET") && is(1, "STATEMENT")) { // SET STATEMENT … FOR …
                skipTo("FOR");
                place++;
            }
            if (take("ROLLBACK")) {
                return new RolledBackTo();
            } else if (take("XA")) {
                return take("END")
                        ? new PreparedEnded(rest())
                        : take("COMMIT") ? new PreparedCommitted(rest()) : new None();
            } else if (take("TRUNCATE")) {
                take("TABLE");
                return new Truncated(name());
            } else if (is("DELETE") && is(1, "FROM")) {
                return emptied();
            } else if (take("RENAME")) {
                return is("TABLE") || is("TABLES") ? renamed() : is("USER") ? new None() : new Unknown();
            } else if (take("CREATE")) {
                return created();
            } else if (take("DROP")) {
                return dropped();
            } else if (take("ALTER")) {
                return altered();
            }
            return place < words.size() && HARMLESS.contains(word(0)) ? new None() : new Unknown();
        }

        /** A table of the engine MEMORY is, by the server itself, when that has started again. */
        private SchemaChange emptied() {
            place += 2;
            var name = name();
            return place == words.size() ? new Truncated(name) : new Unknown();
        }

        /** Goes on to what is made, altered or dropped. */
        private boolean isOfTables() {
            while (place < words.size() && !is("TABLE") && !is("TABLES") && !OTHERS.contains(word(0))) {
                if (is("TEMPORARY") || is("DATABASE") || is("SCHEMA")) {
                    return false;
                }
                place++;
            }
            return place < words.size() && !OTHERS.contains(word(0));
        }

        private SchemaChange created() {
            if (!isOfTables()) {
                return place < words.size() ? new None() : new Unknown();
            }
            place++;
            var ifMissing = take("IF");
            if (ifMissing) {
                take("NOT");
                take("EXISTS");
            }
            var name = name();
            return ifMissing ? new MadeIfMissing(name) : new Altered(List.of(name));
        }

        private SchemaChange dropped() {
            if (!isOfTables()) {
                if (take("DATABASE") || take("SCHEMA")) {
                    if (take("IF")) {
                        take("EXISTS");
                    }
                    return new Altered(List.of(new Name(name().table(), "")));
                }
                return place == words.size() || hasPrimary() ? new Unknown() : new None();
            }
            place++;
            if (take("IF")) {
                take("EXISTS");
            }
            var names = new ArrayList<Name>();
            do {
                names.add(name());
            } while (take(","));
            return new Altered(List.copyOf(names));
        }

        private SchemaChange renamed() {
            place++;
            if (take("IF")) {
                take("EXISTS");
            }
            var names = new ArrayList<Name>();
            do {
                names.add(name());
                skipTo("TO");
                place++;
                names.add(name());
            } while (take(","));
            return new Altered(List.copyOf(names));
        }

        private SchemaChange altered() {
            var deletes = is("IGNORE") || is(1, "IGNORE"); // rows that a new key does not allow
            if (!isOfTables()) {
                return place < words.size() ? new None() : new Unknown();
            }
            place++;
            if (take("IF")) {
                take("EXISTS");
            }
            var names = new ArrayList<Name>();
            names.add(name());
            if (take("WAIT")) {
                place++;
            }
            take("NOWAIT");
            if (!deletes && !hasPrimary() && leavesAll()) {
                return new None();
            }
            for (; place < words.size(); place++) {
                var renames = is("RENAME") && !is(1, "COLUMN") && !is(1, "INDEX") && !is(1, "KEY");
                if (renames || is("TABLE")) { // as in EXCHANGE PARTITION … WITH TABLE …
                    place++;
                    if (renames && (is("TO") || is("AS") || is("="))) {
                        place++;
                    }
                    names.add(name());
                    place--;
                }
            }
            return new Altered(List.copyOf(names));
        }

        /** Whether it may be about the primary key, which can be dropped as an index. */
        private boolean hasPrimary() {
            return words.stream().anyMatch(word -> word.text().equalsIgnoreCase("PRIMARY"));
        }

        private boolean leavesAll() {
            var first = true;
            var depth = 0;
            for (var i = place; i < words.size(); i++) {
                if (first && !isLeft(i)) {
                    return false;
                }
                depth += words.get(i).is("(") ? 1 : words.get(i).is(")") ? -1 : 0;
                first = depth == 0 && words.get(i).is(",");
            }
            return true;
        }

        private boolean isLeft(int from) {
            return LEFT.stream()
                    .anyMatch(begin -> from + begin.size() <= words.size()
                            && words.subList(from, from + begin.size()).stream()
                                    .map(word ->
                                            word.quoted() ? "" : word.text().toUpperCase(Locale.ROOT))
                                    .toList()
                                    .equals(begin));
        }

        private Name name() {
            var first = place < words.size() ? words.get(place).text() : "";
            place++;
            if (!take(".")) {
                return new Name(database, first);
            }
            var second = place < words.size() ? words.get(place).text() : "";
            place++;
            return new Name(first, second);
        }

        private String rest() {
            var rest = new StringBuilder();
            for (; place < words.size(); place++) {
                rest.append(words.get(place).text()).append(' ');
            }
            return rest.toString();
        }

        private void skipTo(String keyword) {
            while (place < words.size() && !is(keyword)) {
                place++;
            }
        }

        private boolean take(String keyword) {
            if (!is(keyword)) {
                return false;
            }
            place++;
            return true;
        }

        private boolean is(String keyword) {
            return is(0, keyword);
        }

        private boolean is(int further, String keyword) {
            return place + further < words.size() && words.get(place + further).is(keyword);
        }

        private String word(int further) {
            var word = words.get(place + further);
            return word.quoted() ? "" : word.text().toUpperCase(Locale.ROOT);
        }
    }
}
