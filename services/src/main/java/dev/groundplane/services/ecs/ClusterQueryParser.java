package dev.groundplane.services.ecs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * Compiles one {@link ClusterQuery}:
 *
 * <pre>
 * any       = all { ("or" | "||") all }
 * all       = negation { ("and" | "&amp;&amp;") negation }
 * negation  = ("not" | "!") negation | "(" any ")" | condition
 * condition = subject operator [ argument | "[" argument { "," argument } "]" ]
 * </pre>
 *
 * Not thread-safe: it belongs to one text.
 */
final class ClusterQueryParser {
    /** Keeps both the parser and the query from recursing deeply. */
    private static final int MAX_DEPTH = 50;

    private final String text;
    private final ClusterQueryScanner scanner;
    private boolean readsTaskGroups;

    ClusterQueryParser(String text) {
        this.text = text;
        this.scanner = new ClusterQueryScanner(text);
    }

    ClusterQuery parse() {
        Predicate<QueriedInstance> condition = any(0);
        if (!scanner.atEnd()) {
            throw scanner.expected(scanner.position(), "and, or, or the end");
        }
        return new ClusterQuery(text, readsTaskGroups, condition);
    }

    private Predicate<QueriedInstance> any(int depth) {
        List<Predicate<QueriedInstance>> terms = new ArrayList<>();
        do {
            terms.add(all(depth));
        } while (scanner.accept("||") || scanner.acceptWord("or"));
        return instance -> terms.stream().anyMatch(t -> t.test(instance));
    }

    private Predicate<QueriedInstance> all(int depth) {
        List<Predicate<QueriedInstance>> terms = new ArrayList<>();
        do {
            terms.add(negation(depth));
        } while (scanner.accept("&&") || scanner.acceptWord("and"));
        return instance -> terms.stream().allMatch(t -> t.test(instance));
    }

    private Predicate<QueriedInstance> negation(int depth) {
        if (depth > MAX_DEPTH) {
            throw scanner.expected(
                    scanner.position(), "at most %d nested parentheses and negations".formatted(MAX_DEPTH));
        }
        if (scanner.accept("!") || scanner.acceptWord("not")) {
            return negation(depth + 1).negate();
        }
        int open = scanner.position();
        if (scanner.accept("(")) {
            Predicate<QueriedInstance> inner = any(depth + 1);
            if (!scanner.accept(")")) {
                throw scanner.expected(
                        scanner.position(), "and, or, or ')' for the '(' of position %d".formatted(open + 1));
            }
            return inner;
        }
        return condition();
    }

    private Predicate<QueriedInstance> condition() {
        int at = scanner.position();
        String name = scanner.take(ClusterQueryScanner.WORD);
        ClusterQuerySubject subject =
                ClusterQuerySubject.named(name).orElseThrow(() -> scanner.expected(at, ClusterQuerySubject.NAMES));
        readsTaskGroups |= name.equals(ClusterQuerySubject.TASK_GROUP);
        ClusterQueryOperator operator = operator(name, subject);
        return subject.condition(operator, test(subject.kind(), operator));
    }

    private ClusterQueryOperator operator(String name, ClusterQuerySubject subject) {
        int at = scanner.position();
        return ClusterQueryOperator.written(scanner.take(ClusterQueryScanner.OPERATOR))
                .filter(subject.operators()::contains)
                .orElseThrow(() -> scanner.expected(
                        at,
                        subject.operators().stream()
                                .map(ClusterQueryOperator::symbol)
                                .collect(Collectors.joining(", ", "an operator of " + name + " (", ")"))));
    }

    private Predicate<String> test(ClusterQueryValue kind, ClusterQueryOperator operator) {
        return switch (operator) {
            case EXISTS, NOT_EXISTS -> found -> true;
            case IN, NOT_IN -> {
                List<String> choices = list(kind);
                yield found -> choices.stream().anyMatch(c -> kind.same(found, c));
            }
            case MATCHES, NOT_MATCHES -> regex();
            case EQUALS, NOT_EQUALS -> {
                String value = value(kind);
                yield found -> kind.same(found, value);
            }
            case GREATER_THAN -> {
                String value = value(kind);
                yield found -> kind.compare(found, value) > 0;
            }
            case GREATER_THAN_EQUAL -> {
                String value = value(kind);
                yield found -> kind.compare(found, value) >= 0;
            }
            case LESS_THAN -> {
                String value = value(kind);
                yield found -> kind.compare(found, value) < 0;
            }
            case LESS_THAN_EQUAL -> {
                String value = value(kind);
                yield found -> kind.compare(found, value) <= 0;
            }
        };
    }

    private String value(ClusterQueryValue kind) {
        int at = scanner.position();
        String value = scanner.argument(ClusterQueryScanner.VALUE, kind.description());
        if (!kind.accepts(value)) {
            throw scanner.expected(at, kind.description());
        }
        return value;
    }

    private List<String> list(ClusterQueryValue kind) {
        if (!scanner.accept("[")) {
            throw scanner.expected(scanner.position(), "a list such as [a, b]");
        }
        List<String> values = new ArrayList<>();
        do {
            values.add(value(kind));
        } while (scanner.accept(","));
        if (!scanner.accept("]")) {
            throw scanner.expected(scanner.position(), "',' or ']'");
        }
        return values;
    }

    private Predicate<String> regex() {
        int at = scanner.position();
        String expected = "a regular expression, in quotes if it has parentheses or spaces,";
        String regex = scanner.argument(ClusterQueryScanner.REGEX, expected);
        try {
            return ClusterQueryPattern.of(regex);
        } catch (PatternSyntaxException e) {
            throw scanner.expected(at, "a Java regular expression (%s)".formatted(e.getDescription()));
        }
    }
}
