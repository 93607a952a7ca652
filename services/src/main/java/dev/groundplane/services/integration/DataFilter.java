package dev.groundplane.services.integration;

import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which tables an integration is of: patterns that include or exclude some, of which the last one that a table matches decides. A table
 * that none matches is excluded. Regular expressions are those of RE2, whose time is bounded. Source: Aurora User Guide, "Data filtering for Aurora zero-ETL integrations".
 *
 * @param patterns in their order
 */
public record DataFilter(List<TablePattern> patterns) {
    /** All tables of all databases of a PostgreSQL source. */
    public static final String EVERYTHING = "include: *.*.*";

    private static final int MOST_PATTERNS = 99;
    private static final int LONGEST_PATTERN = 256;
    private static final String ANY = "*";

    /**
     * Tables of some names.
     *
     * @param included or else excluded
     * @param database its name, or {@code *} for each
     * @param schema a regular expression, for which it is enough to be found in the name; where there are no schemas, in the
     *     database's
     * @param table the same
     */
    public record TablePattern(boolean included, String database, String schema, String table) {
        private boolean isOf(String name) {
            return database.equals(ANY) || database.equals(name);
        }
    }

    /** The filter of a text for a PostgreSQL source. */
    public static DataFilter of(@Nullable String text) {
        return of(SourceEngine.POSTGRESQL, text);
    }

    /**
     * The filter of a text.
     *
     * @param text {@code include: DATABASE.SCHEMA.TABLE, exclude: …}, or {@code DATABASE.TABLE} where there are no schemas; null
     *     for all tables
     * @throws IllegalArgumentException when it is none, with what a user is told
     */
    public static DataFilter of(SourceEngine engine, @Nullable String text) {
        String given = text == null || text.isBlank() ? all(engine, ANY) : text;
        DataFilter filter = new DataFilter(new Reader(engine, given).patterns());
        if (filter.patterns.stream().noneMatch(TablePattern::included)) {
            throw refused(given, "it includes nothing; begin with '%s'".formatted(all(engine, "DATABASE")));
        }
        return filter;
    }

    /** The text of all tables of a database. */
    public static String allOf(SourceEngine engine, String database) {
        String quote = database.contains("\"") ? "`" : "\"";
        boolean isPlain = Reader.LITERAL.matcher(database).matches();
        return all(engine, isPlain ? database : quote + database + quote);
    }

    private static String all(SourceEngine engine, String database) {
        return (engine.hasSchemas() ? "include: %s.*.*" : "include: %s.*").formatted(database);
    }

    /** The one database that it includes tables of; empty where it names none, or several. */
    public Optional<String> database() {
        List<String> included = patterns.stream()
                .filter(TablePattern::included)
                .map(TablePattern::database)
                .distinct()
                .toList();
        return Optional.of(included.getFirst()).filter(name -> included.size() == 1 && !name.equals(ANY));
    }

    /** Whether it includes tables of a database. */
    public boolean includes(String database) {
        return patterns.stream().anyMatch(pattern -> pattern.included() && pattern.isOf(database));
    }

    /** The patterns that a database's tables may match. */
    public List<TablePattern> patterns(String database) {
        return patterns.stream().filter(pattern -> pattern.isOf(database)).toList();
    }

    private static IllegalArgumentException refused(String text, String reason) {
        return new IllegalArgumentException("DataFilter '%s' cannot be used: %s.".formatted(text, reason));
    }

    /** Reads a filter from its beginning to its end, once. */
    private static final class Reader {
        private static final Pattern KIND = Pattern.compile("\\s*(include|exclude)\\s*:\\s*", Pattern.CASE_INSENSITIVE);
        private static final Pattern LITERAL = Pattern.compile("[^\\s.,*/\"`]+");

        private final SourceEngine engine;
        private final String form;
        private final String text;
        private int at;

        Reader(SourceEngine engine, String text) {
            this.engine = engine;
            this.form = engine.hasSchemas() ? "DATABASE.SCHEMA.TABLE" : "DATABASE.TABLE";
            this.text = text;
        }

        List<TablePattern> patterns() {
            List<TablePattern> read = new ArrayList<>();
            do {
                read.add(pattern());
            } while (skip(','));
            if (at < text.length()) {
                throw wrong("a comma and the next include or exclude");
            }
            if (read.size() > MOST_PATTERNS) {
                throw refused(text, "it has %d patterns; %d is the most".formatted(read.size(), MOST_PATTERNS));
            }
            return List.copyOf(read);
        }

        private TablePattern pattern() {
            var kind = KIND.matcher(text).region(at, text.length());
            if (!kind.lookingAt()) {
                throw wrong("'include: %1$s' or 'exclude: %1$s'".formatted(form));
            }
            at = kind.end();
            int begin = at;
            boolean included = kind.group(1).toLowerCase(Locale.ROOT).equals("include");
            TablePattern read = engine.hasSchemas() ? threeParts(included) : twoParts(included);
            if (at - begin > LONGEST_PATTERN) {
                throw refused(
                        text,
                        "pattern %s has %d characters; %d is the most"
                                .formatted(text.substring(begin, at), at - begin, LONGEST_PATTERN));
            }
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return read;
        }

        private TablePattern threeParts(boolean included) {
            String database = database();
            separator();
            String schema = name();
            separator();
            return new TablePattern(included, database, schema, name());
        }

        /** As AWS has it for MySQL, where databases may be regular expressions, too. */
        private TablePattern twoParts(boolean included) {
            boolean isExpression = at < text.length() && text.charAt(at) == '/';
            String database = isExpression ? ANY : database();
            String schema = isExpression ? name() : database.equals(ANY) ? "" : whole(database);
            separator();
            return new TablePattern(included, database, schema, name());
        }

        private void separator() {
            if (!skip('.')) {
                throw wrong(form + ", of which each may be '*'");
            }
        }

        /** PostgreSQL's sources have no regular expressions for these. */
        private String database() {
            return skip('*') ? ANY : literal("a database's name, or '*'");
        }

        private String name() {
            if (skip('*')) {
                return "";
            }
            if (skip('/')) {
                return expression();
            }
            return whole(literal("a name, '*' or a /regular expression/"));
        }

        private static String whole(String name) {
            return "\\A" + com.google.re2j.Pattern.quote(name) + "\\z";
        }

        private String literal(String wanted) {
            for (char quote : new char[] {'"', '`'}) {
                if (skip(quote)) {
                    return until(quote);
                }
            }
            var literal = LITERAL.matcher(text).region(at, text.length());
            if (!literal.lookingAt()) {
                throw wrong(wanted);
            }
            at = literal.end();
            return literal.group();
        }

        private String expression() {
            String expression = until('/');
            try {
                com.google.re2j.Pattern.compile(expression);
                return expression;
            } catch (PatternSyntaxException e) {
                throw refused(text, "/%s/ is no regular expression: %s".formatted(expression, e.getDescription()));
            }
        }

        private String until(char end) {
            int close = text.indexOf(end, at);
            if (close <= at) {
                throw wrong("something between two " + end);
            }
            String content = text.substring(at, close);
            at = close + 1;
            return content;
        }

        private boolean skip(char wanted) {
            boolean is = at < text.length() && text.charAt(at) == wanted;
            at += is ? 1 : 0;
            return is;
        }

        private IllegalArgumentException wrong(String wanted) {
            return refused(text, "at character %d there must be %s".formatted(at + 1, wanted));
        }
    }
}
