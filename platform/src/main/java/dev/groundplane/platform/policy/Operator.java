package dev.groundplane.platform.policy;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The condition operators. Source: IAM User Guide, "IAM JSON policy elements: Condition operators". */
enum Operator {
    STRING_EQUALS("StringEquals", false, Operator::text),
    STRING_NOT_EQUALS("StringNotEquals", true, Operator::text),
    STRING_EQUALS_IGNORE_CASE("StringEqualsIgnoreCase", false, Operator::textOfAnyCase),
    STRING_NOT_EQUALS_IGNORE_CASE("StringNotEqualsIgnoreCase", true, Operator::textOfAnyCase),
    STRING_LIKE("StringLike", false, Operator::like),
    STRING_NOT_LIKE("StringNotLike", true, Operator::like),
    NUMERIC_EQUALS("NumericEquals", false, number(order -> order == 0)),
    NUMERIC_NOT_EQUALS("NumericNotEquals", true, number(order -> order == 0)),
    NUMERIC_LESS_THAN("NumericLessThan", false, number(order -> order < 0)),
    NUMERIC_LESS_THAN_EQUALS("NumericLessThanEquals", false, number(order -> order <= 0)),
    NUMERIC_GREATER_THAN("NumericGreaterThan", false, number(order -> order > 0)),
    NUMERIC_GREATER_THAN_EQUALS("NumericGreaterThanEquals", false, number(order -> order >= 0)),
    DATE_EQUALS("DateEquals", false, date(order -> order == 0)),
    DATE_NOT_EQUALS("DateNotEquals", true, date(order -> order == 0)),
    DATE_LESS_THAN("DateLessThan", false, date(order -> order < 0)),
    DATE_LESS_THAN_EQUALS("DateLessThanEquals", false, date(order -> order <= 0)),
    DATE_GREATER_THAN("DateGreaterThan", false, date(order -> order > 0)),
    DATE_GREATER_THAN_EQUALS("DateGreaterThanEquals", false, date(order -> order >= 0)),
    BOOL("Bool", false, Operator::bool),
    BINARY_EQUALS("BinaryEquals", false, Operator::binary),
    IP_ADDRESS("IpAddress", false, Operator::ip),
    NOT_IP_ADDRESS("NotIpAddress", true, Operator::ip),
    ARN_EQUALS("ArnEquals", false, Operator::arn),
    ARN_NOT_EQUALS("ArnNotEquals", true, Operator::arn),
    ARN_LIKE("ArnLike", false, Operator::arn),
    ARN_NOT_LIKE("ArnNotLike", true, Operator::arn),
    NULL("Null", false, Operator::bool);

    /** Whether one value of the request matches one of the policy. */
    @FunctionalInterface
    interface Match {
        boolean of(String value, ConditionValues values);
    }

    /** Compiles a policy's value. */
    @FunctionalInterface
    private interface Compilation {
        Match of(String text, boolean variables) throws MalformedPolicyException;
    }

    private static final Map<String, Operator> BY_NAME = Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(o -> o.title.toLowerCase(Locale.ROOT), Function.identity()));

    private final String title;
    private final boolean negated;

    @SuppressWarnings("ImmutableEnumChecker") // functions that keep nothing
    private final Compilation compilation;

    Operator(String title, boolean negated, Compilation compilation) {
        this.title = title;
        this.negated = negated;
        this.compilation = compilation;
    }

    /** The operator of that name, without set operator and {@code IfExists}. */
    static Optional<Operator> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
    }

    /** Whether it holds when nothing matches: {@code StringNotEquals}. */
    boolean negated() {
        return negated;
    }

    /** @throws MalformedPolicyException when the value is not of the operator's type */
    Match match(String text, boolean variables) throws MalformedPolicyException {
        return compilation.of(text, variables);
    }

    private static Match text(String text, boolean variables) throws MalformedPolicyException {
        return TextPattern.of(text, false, variables)::matches;
    }

    private static Match textOfAnyCase(String text, boolean variables) throws MalformedPolicyException {
        return TextPattern.of(text, false, variables)::matchesIgnoringCase;
    }

    private static Match like(String text, boolean variables) throws MalformedPolicyException {
        return TextPattern.of(text, true, variables)::matches;
    }

    private static Match arn(String text, boolean variables) throws MalformedPolicyException {
        ArnPattern pattern = ArnPattern.of(text, variables);
        return (value, values) -> pattern.matches(value, value.split(":", ArnPattern.SEGMENTS), values);
    }

    private static Match bool(String text, boolean variables) throws MalformedPolicyException {
        if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
            throw wrong("Bool", text);
        }
        return (value, values) -> value.equalsIgnoreCase(text);
    }

    private static Match binary(String text, boolean variables) {
        return (value, values) -> value.equals(text);
    }

    private static Match ip(String text, boolean variables) throws MalformedPolicyException {
        CidrBlock block = CidrBlock.of(text).orElseThrow(() -> wrong("IpAddress", text));
        return (value, values) -> block.contains(value);
    }

    private static Compilation number(IntPredicate wanted) {
        return ordered("Numeric", UnaryOperator.identity(), Operator::parseNumber, wanted);
    }

    private static Compilation date(IntPredicate wanted) {
        return ordered("Date", UnaryOperator.identity(), Operator::parseDate, wanted);
    }

    private static <T extends Comparable<T>> Compilation ordered(
            String kind, UnaryOperator<String> form, Function<String, Optional<T>> parse, IntPredicate wanted) {
        return (text, variables) -> {
            T bound = parse.apply(form.apply(text)).orElseThrow(() -> wrong(kind, text));
            return (value, values) -> parse.apply(value)
                    .filter(found -> wanted.test(found.compareTo(bound)))
                    .isPresent();
        };
    }

    private static Optional<BigDecimal> parseNumber(String text) {
        // A huge exponent would make a comparison compute for long.
        if (!text.matches("[+-]?[0-9]{1,40}(\\.[0-9]{1,40})?")) {
            return Optional.empty();
        }
        return Optional.of(new BigDecimal(text));
    }

    /** W3C's profile of ISO 8601, or seconds of Unix time. */
    private static Optional<Instant> parseDate(String text) {
        try {
            if (text.matches("[0-9]{1,12}")) {
                return Optional.of(Instant.ofEpochSecond(Long.parseLong(text)));
            }
            if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
                return Optional.of(LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC));
            }
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static MalformedPolicyException wrong(String kind, String text) {
        return new MalformedPolicyException("The value '%s' is not valid for a %s condition.".formatted(text, kind));
    }
}
